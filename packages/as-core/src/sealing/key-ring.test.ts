// A ring seals with its current key, opens with all of its keys, and computes digests with one that never changes.
import { expect, test } from 'vitest'

import { createRingSealing, type KeyRing, nameMasterKey, openKeyRing, sealKeyRing } from './key-ring.ts'

const keyOf = (seed: number) => Uint8Array.from({ length: 32 }, (_, index) => index * 7 + seed)
const [FIRST, SECOND, THIRD] = [keyOf(1), keyOf(2), keyOf(3)]
const ring = (current: Uint8Array, ...older: readonly Uint8Array[]): KeyRing => ({
  ...{ current, older, digests: FIRST },
})
const seal = (key: Uint8Array) => createRingSealing(ring(key)).seal('l', 'c', 'text')

test('opens what its current and older keys sealed, and nothing else', () => {
  const sealing = createRingSealing(ring(SECOND, FIRST))
  for (const key of [FIRST, SECOND]) expect(sealing.open('l', 'c', seal(key))).toBe('text')
  expect(() => sealing.open('l', 'c', seal(THIRD))).toThrow(/sealed under master key/)
})

test('digests stay the same when the current key changes, or lookups by digest would find nothing', () => {
  const digestOf = (given: KeyRing) => createRingSealing(given).keyedDigest('l', 'text')
  expect(digestOf(ring(SECOND, FIRST))).toBe(digestOf(ring(FIRST)))
  expect(digestOf({ ...ring(FIRST), digests: SECOND })).not.toBe(digestOf(ring(FIRST)))
})

test('reseals what an older key sealed, and only that', () => {
  const sealing = createRingSealing(ring(SECOND, FIRST))
  const [older, current] = [seal(FIRST), seal(SECOND)]
  expect(sealing.reseal('l', 'c', current)).toBe(current)
  const resealed = sealing.reseal('l', 'c', older)
  expect(resealed.split('.')[1]).toBe(nameMasterKey(SECOND))
  expect(sealing.open('l', 'c', resealed)).toBe('text')
})

test('a running node still opens what it sealed before the database dropped that key', () => {
  const sealing = createRingSealing(ring(FIRST))
  const before = sealing.seal('l', 'c', 'text')
  sealing.use(ring(SECOND))
  expect(sealing.open('l', 'c', before)).toBe('text')
  expect(sealing.seal('l', 'c', 'text').split('.')[1]).toBe(nameMasterKey(SECOND))
})

test('a node opens the ring that was stored for its own master key only', () => {
  const stored = [FIRST, SECOND].map((key) => sealKeyRing(ring(SECOND, FIRST), key, 0))
  for (const own of [FIRST, SECOND]) {
    const opened = openKeyRing(stored, own)
    if (!opened.accepted) throw new Error('the ring does not open')
    const { current, digests, older } = opened.value
    expect([current, digests, ...older].map(nameMasterKey)).toEqual([SECOND, FIRST, FIRST].map(nameMasterKey))
  }
  const refusal = { replacedBy: [FIRST, SECOND].map(nameMasterKey) }
  expect(openKeyRing(stored, THIRD)).toEqual({ accepted: false, refusal })
})
