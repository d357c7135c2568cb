import { expect, it } from 'vitest'
import { missingKernels } from './missing-kernels.ts'

const EMPTY_MODULE = Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])

it('says nothing where every kernel can be had', () => {
  expect(missingKernels({}, () => EMPTY_MODULE)).toEqual([])
})

it('says which cannot, why, and what that means', () => {
  const broken = (name: string) => (name === 'outage' ? EMPTY_MODULE.subarray(0, 6) : EMPTY_MODULE)
  expect(missingKernels({}, broken)).toEqual([
    {
      kernel: 'outage',
      why: 'cannot be instantiated',
      words:
        'the kernel outage is not used (cannot be instantiated): what breaks is computed slower in a large estate; answers are the same',
    },
  ])
  const why = (...given: Parameters<typeof missingKernels>) => new Set(missingKernels(...given).map((one) => one.why))
  expect(why({}, () => undefined)).toEqual(new Set(['not built']))
  expect(why({ KEYFALL_KERNELS: 'off' }, () => EMPTY_MODULE)).toEqual(new Set(['KEYFALL_KERNELS=off']))
  expect(missingKernels({ KEYFALL_KERNELS: 'off' }, () => EMPTY_MODULE)).toHaveLength(5)
})
