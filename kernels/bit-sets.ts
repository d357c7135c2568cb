/** A set of numbers that is read ascending: a bit a number, a bit for each 64 of those, and so once more. */

let first: usize = 0
let second: usize = 0
let third: usize = 0
let thirdEnd: usize = 0

/** Where it lies: `bytesOfBits` of zeros (graph/outage/kernel-board.ts). */
export function bitsOf(at: usize, numbers: u32): void {
  const words = (numbers >> 6) + 1
  first = at
  second = first + (<usize>words << 3)
  third = second + (<usize>((words >> 6) + 1) << 3)
  thirdEnd = third + (<usize>((words >> 12) + 1) << 3)
}

// @ts-ignore: decorator
@inline
export function setBit(number: u32): void {
  const one = first + (<usize>(number >> 6) << 3)
  const word = load<u64>(one)
  store<u64>(one, word | (<u64>1 << (number & 63)))
  if (word != 0) return
  const two = second + (<usize>(number >> 12) << 3)
  store<u64>(two, load<u64>(two) | (<u64>1 << ((number >> 6) & 63)))
  const three = third + (<usize>(number >> 18) << 3)
  store<u64>(three, load<u64>(three) | (<u64>1 << ((number >> 12) & 63)))
}

let farAt: usize = 0
let far: u64 = 0
let middleAt: usize = 0
let middle: u64 = 0
let number: u32 = 0

/** Before the words of the set are read, which takes them out of it. */
export function openSet(): void {
  farAt = third - 8
  far = middle = 0
}

/** The next word in which there is anything, 0 at the end; `wordAt` is the number of its lowest bit. */
export function nextWord(): u64 {
  while (middle == 0) {
    while (far == 0) {
      farAt += 8
      if (farAt >= thirdEnd) return 0
      far = load<u64>(farAt)
      store<u64>(farAt, 0)
    }
    middleAt = second + (((farAt - third) << 6) | (<usize>ctz(far) << 3))
    far &= far - 1
    middle = load<u64>(middleAt)
    store<u64>(middleAt, 0)
  }
  const at = first + (((middleAt - second) << 6) | (<usize>ctz(middle) << 3))
  middle &= middle - 1
  const word = load<u64>(at)
  store<u64>(at, 0)
  number = <u32>((at - first) << 3)
  return word
}

// @ts-ignore: decorator
@inline
export function wordAt(): u32 {
  return number
}
