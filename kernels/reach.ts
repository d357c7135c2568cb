/**
 * AssemblyScript. Breadth first from one thing over rows of a graph; the twin of `walkPlainly` in
 * graph/reach/flat-reach.ts, which says what it does and is what it is tested against. Arguments are addresses, the
 * epoch and the source.
 */

/** Bytes of the queue that are looked ahead of: their rows are asked for while others are walked. */
const FAR: usize = 64
const NEAR: usize = 32

export function reach(
  start: usize,
  end: usize,
  to: usize,
  marks: usize,
  queue: usize,
  epoch: i32,
  source: i32,
): i32 {
  const mark = <u16>epoch
  store<u16>(marks + ((<usize>source) << 1), mark)
  store<i32>(queue, source)
  let tail = queue + 4
  let ahead: i32 = 0
  for (let head = queue; head < tail; head += 4) {
    // What stands there may be of an older question: it is an entity all the same.
    ahead |= load<i32>(start + ((<usize>load<i32>(head + FAR)) << 2))
    ahead |= load<i32>(to + ((<usize>load<i32>(start + ((<usize>load<i32>(head + NEAR)) << 2))) << 2))
    const row = (<usize>load<i32>(head)) << 2
    const last = to + ((<usize>load<i32>(end + row)) << 2)
    for (let edge = to + ((<usize>load<i32>(start + row)) << 2); edge < last; edge += 4) {
      const next = load<i32>(edge)
      const at = marks + ((<usize>next) << 1)
      store<i32>(tail, next)
      tail += (<usize>(load<u16>(at) != mark)) << 2
      store<u16>(at, mark)
    }
  }
  // Kept, or the compiler leaves out what was asked for ahead.
  store<i32>(tail, ahead & 0)
  return <i32>((tail - queue) >> 2)
}
