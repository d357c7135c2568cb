import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import type { Fact } from './messages.ts'
import { detectToken, safeLabel, secondNet, type Catch } from './second-net.ts'
import { tokenShapes } from './token-shapes.ts'

/** A token of a shape, put together here so that no scanner takes this file for a leak. */
function sample({ prefix, of, min, including }: (typeof tokenShapes)[number]): string {
  const filler = [...of].filter((character) => !'.-_/ +='.includes(character))
  const body = Array.from({ length: min }, (_, i) => filler[(i * 7) % filler.length]).join('')
  return prefix + (including === undefined ? body : `${body}${including}${body.slice(0, 4)}`)
}
const token = sample(tokenShapes[0]!)
const net = (fact: Fact) => {
  const caught: Catch[] = []
  return { clean: secondNet(fact, (hit) => caught.push(hit)), caught }
}

describe('detectors', () => {
  it.each(tokenShapes.map((shape) => [`${shape.id} ${shape.prefix}`, shape] as const))(
    'find %s anywhere',
    (_, shape) => {
      expect(detectToken(`see ${sample(shape)} here`)).toBeDefined()
      expect(detectToken(sample(shape))).toBeDefined()
    },
  )
  it.each([
    'AKIAIOSFODNN7EXAMPLE',
    'arn:aws:iam::123456789012:role/ci/shop-deploy',
    'k8s:prod/shop/secret/stripe-sk-live',
    'sk-learn-pipeline-runner-with-a-long-name-indeed',
    'https://shop.example:8443/a@b',
    'https://${USER}:${PASSWORD}@shop.example',
    'ghp_short',
    '-----BEGIN CERTIFICATE-----',
    'fp1:0a1b2c3d:00112233445566778899aabbccddeeff',
    '9b2f0c1d5e6a7b8c9d0e1f2a3b4c5d6e7f8a9b0c',
  ])('leave identifiers alone: %s', (text) => expect(detectToken(text)).toBeUndefined())
  it('find passwords in addresses', () =>
    expect(detectToken('amqp://app:hunter2@mq.shop.example/v')).toBe('password-in-url'))
})

describe('the net', () => {
  it('drops the field, names it, and changes nothing else', () => {
    const fact: Fact = {
      entity: {
        id: 'a:1',
        name: `n ${token}`,
        aliases: ['x', token],
        props: { owner: 'me', note: token },
        evidence: [{ source: 's', kind: 'declared', note: token }],
      },
    }
    const before = structuredClone(fact)
    const { clean, caught } = net(fact)
    expect(fact).toEqual(before)
    expect(JSON.stringify(clean)).not.toContain(token)
    expect(clean).toMatchObject({
      entity: { id: 'a:1', aliases: ['x'], props: { owner: 'me' }, evidence: [{ source: 's' }] },
    })
    expect(caught.map(({ field }) => field)).toEqual(['name', 'aliases', 'props.note', 'evidence.note'])
    expect(clean).toHaveProperty('entity.props.removed.length', 4)
  })
  it('drops a property whose name holds one, and does not say the name', () => {
    const { clean, caught } = net({ entity: { id: 'a:1', props: { [token]: 'x', team: 'payments' } } })
    expect(clean).toEqual({ entity: { id: 'a:1', props: { team: 'payments', removed: ['props.(name left out)'] } } })
    expect(caught).toEqual([{ detector: 'github-token', field: 'props.(name left out)' }])
  })

  it('drops the whole fact where its ends hold one', () => {
    const { clean, caught } = net({ relationship: { kind: 'HOLDS', from: `x:${token}`, to: 'b:1' } })
    expect(clean).toBeUndefined()
    expect(caught).toEqual([{ detector: 'github-token', field: 'from' }])
  })
  it('passes what is clean as it is', () => {
    const fact: Fact = { entity: { id: 'a:1', name: 'AKIAIOSFODNN7EXAMPLE' } }
    expect(net(fact).clean).toBe(fact)
  })
  it('leaves such names of files out', () => {
    expect(safeLabel(`a/${token}.json`)).toBe('a/(name left out: it looks like a secret)')
    expect(safeLabel('a/b.json')).toBe('a/b.json')
  })
})

property.prop([fc.string(), fc.string(), fc.constantFrom(...tokenShapes)])(
  'no surroundings hide a token from the net',
  (before, after, shape) => {
    const found = sample(shape)
    const { clean } = net({ entity: { id: 'a:1', props: { text: `${before} ${found} ${after}` } } })
    expect(JSON.stringify(clean)).not.toContain(JSON.stringify(found).slice(1, -1))
  },
)
