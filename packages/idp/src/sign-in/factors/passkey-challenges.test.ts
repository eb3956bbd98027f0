import { beforeEach, expect, test } from 'vitest'

import { createPasskeyChallenges, type PasskeyChallenges } from './passkey-challenges.ts'
import { createMemorySignInStore } from '../testing/memory-sign-in-store.ts'

const CHALLENGE = 'a-challenge-of-a-page'
const PURPOSE = { kind: 'ask', interactionId: 'visit', userId: 'usr_alice' } as const

let challenges: PasskeyChallenges
beforeEach(async () => {
  const clock = { nowMs: () => Date.now() }
  challenges = createPasskeyChallenges({ store: createMemorySignInStore(clock), clock } as never)
  await challenges.keep(CHALLENGE, PURPOSE as never)
})

const judge = (change: object = {}, challenge = CHALLENGE) =>
  challenges.judge({ ...PURPOSE, ...change } as never, async (isExpected) => {
    if (!(await isExpected(challenge))) throw new Error('unexpected challenge')
    return 'verified'
  })

test('a challenge is answered once, on the page that sent it', async () => {
  expect(await judge()).toEqual({ accepted: true, value: 'verified' })
  expect(await judge()).toEqual({ accepted: false, refusal: 'wrong-challenge' })
})

test.each([
  ['for a new passkey', { kind: 'new' }],
  ['on another page', { interactionId: 'other visit' }],
  ['by another user', { userId: 'usr_bob' }],
])('a challenge is not answered %s, and stays valid', async (_, change) => {
  expect(await judge(change)).toEqual({ accepted: false, refusal: 'wrong-challenge' })
  expect(await judge()).toMatchObject({ accepted: true })
})

test('a challenge that no page sent is not answered', async () => {
  expect(await judge({}, 'a-challenge-of-a-stranger')).toEqual({
    accepted: false,
    refusal: 'wrong-challenge',
  })
})
