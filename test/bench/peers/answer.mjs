import { createInterface } from 'node:readline'

/** Answers lines "way numbers…" of the standard input with lines of JSON, one after the other, until it ends. */
export async function answer(version, work) {
  console.log(JSON.stringify({ ready: true, version }))
  for await (const line of createInterface({ input: process.stdin })) {
    const [way, ...numbers] = line.split(' ')
    console.log(JSON.stringify(await work(way, numbers.map(Number))))
  }
}
