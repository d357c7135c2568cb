/**
 * Reach from one thing by the index: `count` says over how many things, itself among them, and is what is measured;
 * `sum` adds up their numbers, to compare answers by. Nothing is cleared between searches.
 */
function searches(entities, spread) {
  const queue = new Int32Array(entities + 1)
  const marks = new Int32Array(entities)
  let epoch = 0
  const count = (source) => {
    queue[0] = source
    marks[source] = ++epoch
    return spread(queue, marks, epoch)
  }
  return {
    count,
    sum(source) {
      const found = count(source)
      let sum = 0
      for (let i = 0; i < found; i++) sum += queue[i]
      return sum
    },
  }
}

/** Over every edge of both views: what breaks, and what compromise reaches. */
export function wholeReach({ entities, inStart, inEnd, edges, accessStart, accessEnd, accessTo }) {
  return searches(entities, (queue, marks, epoch) => {
    let tail = 1
    for (let head = 0; head < tail; head++) {
      const at = queue[head]
      for (let i = inStart[at], last = inEnd[at]; i < last; i++) {
        const to = edges[2 * i]
        queue[tail] = to
        tail += marks[to] === epoch ? 0 : 1
        marks[to] = epoch
      }
      for (let i = accessStart[at], last = accessEnd[at]; i < last; i++) {
        const to = accessTo[i]
        queue[tail] = to
        tail += marks[to] === epoch ? 0 : 1
        marks[to] = epoch
      }
    }
    return tail
  })
}

/** Over the access view alone. */
export function accessReach({ entities, accessStart, accessEnd, accessTo }) {
  return searches(entities, (queue, marks, epoch) => {
    let tail = 1
    for (let head = 0; head < tail; head++) {
      const at = queue[head]
      for (let i = accessStart[at], last = accessEnd[at]; i < last; i++) {
        const to = accessTo[i]
        queue[tail] = to
        tail += marks[to] === epoch ? 0 : 1
        marks[to] = epoch
      }
    }
    return tail
  })
}
