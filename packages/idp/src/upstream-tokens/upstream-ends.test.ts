// Two processes end the same sign-in at another provider concurrently: the later end counts.
import { expect, it } from 'vitest'

import { createMemorySignInStore } from '../sign-in/testing/memory-sign-in-store.ts'
import { createUpstreamEnds } from './upstream-ends.ts'

const ISSUER = 'https://login.corp.test'
const NOW = 1_800_000_000

it('keeps the later of two concurrent ends, in either order', async () => {
  for (const order of [
    [NOW, NOW - 60],
    [NOW - 60, NOW],
  ]) {
    const store = createMemorySignInStore({ nowMs: () => NOW * 1000 })
    const ends = createUpstreamEnds(store)
    await Promise.all(order.map((until) => ends.end({ issuer: ISSUER, sub: 'alice' }, until)))
    const find = (issuedAt: number) =>
      ends.find({ issuer: ISSUER, sub: 'alice', userId: 'usr_alice', issuedAt })
    expect([await find(NOW), await find(NOW + 1)]).toEqual(['issuer', undefined])
  }
})
