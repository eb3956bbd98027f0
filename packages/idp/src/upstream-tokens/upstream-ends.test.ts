// Which sign-ins at another provider have ended, and whose they were, also if two processes end one concurrently.
import { type JwtFact, zSubjectIssuer } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import { createMemorySignInStore } from '../sign-in/testing/memory-sign-in-store.ts'
import { observeUpstreamIdToken, type UpstreamTokenSources } from './observe-upstream.ts'
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

it('knows the user of a sign-in for three days after the last exchange, or two after an earlier one', async () => {
  let now = NOW
  const ends = createUpstreamEnds(createMemorySignInStore({ nowMs: () => now * 1000 }))
  const session = { issuer: ISSUER, sub: 'alice', sid: 's-1' }
  const day = 86_400
  for (const days of [0, 0.5, 1.6, 2.9]) {
    now = NOW + days * day
    await ends.remember(session, 'usr_alice', now)
  }
  now = NOW + 5.5 * day
  const end = (ended: object) => ends.end({ issuer: ISSUER, ...ended }, now)
  expect([await end({ sub: 'alice' }), await end({ sid: 's-1' })]).toEqual([['usr_alice'], ['usr_alice']])
  // Another user of the same sign-in counts from the first exchange on.
  await ends.remember(session, 'usr_bob', now)
  expect(await end({ sub: 'alice', sid: 's-1' })).toEqual(['usr_bob'])
  now += 3 * day
  expect(await end({ sub: 'alice' })).toEqual([])
})

it('finds users of sign-ins without a session id by a logout of one session', async () => {
  const ends = createUpstreamEnds(createMemorySignInStore({ nowMs: () => NOW * 1000 }))
  await ends.remember({ issuer: ISSUER, sub: 'alice' }, 'usr_alice', NOW)
  expect(await ends.end({ issuer: ISSUER, sub: 'alice', sid: 's-1' }, NOW)).toEqual(['usr_alice'])
})

it.each(['issuer', 'administrator'] as const)(
  'knows that the %s ended all sign-ins of a user',
  async (by) => {
    const ends = createUpstreamEnds(createMemorySignInStore({ nowMs: () => NOW * 1000 }))
    await ends.endUser('usr_alice', NOW, by)
    const find = (userId: string) => ends.find({ issuer: ISSUER, sub: 'alice', userId, issuedAt: NOW })
    expect([await find('usr_alice'), await find('usr_bob')]).toEqual([by, undefined])
  },
)

it('hides no exchange from a logout that it does not see itself', async () => {
  const ends = createUpstreamEnds(createMemorySignInStore({ nowMs: () => NOW * 1000 }))
  let ofLogout: readonly string[] = []
  const sources = {
    users: { findById: async () => ({ id: 'usr_alice' }) },
    signInProviders: [],
    ends: {
      ...ends,
      // The logout arrives just after the exchange looked for it.
      async find(sought: Parameters<typeof ends.find>[0]) {
        const found = await ends.find(sought)
        ofLogout = await ends.end({ issuer: ISSUER, sid: 's-1' }, NOW)
        return found
      },
    },
  } as unknown as UpstreamTokenSources
  const trust = zSubjectIssuer.parse({ issuer: ISSUER, audiences: { corp: 'agent0' }, link: ['id'] })
  const claims = { iss: ISSUER, aud: 'corp', sub: 'alice', sid: 's-1', iat: NOW, exp: NOW + 60 }
  const token = { state: 'read', signature: 'valid', claims } as unknown as JwtFact
  const about = { trust, clockSkewSeconds: 30 }
  const by = { clientId: 'agent0', nowMs: NOW * 1000, ip: undefined }
  const fact = await observeUpstreamIdToken(token, about, by, sources)
  expect(fact).toMatchObject({ signIn: { userId: 'usr_alice' }, endedBy: undefined })
  expect(ofLogout).toEqual(['usr_alice'])
})
