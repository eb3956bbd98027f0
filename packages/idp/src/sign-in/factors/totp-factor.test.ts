import { randomBytes } from 'node:crypto'

import { type AuditEvent, createSealing } from '@crosswalk/as-core'
import { TOTP } from 'otpauth'
import { beforeEach, expect, test } from 'vitest'

import type { SignInPorts } from '../contract.ts'
import { INTERACTION_TTL_SECONDS } from '../lifetimes.ts'
import { createMemorySecondFactors } from '../testing/memory-second-factors.ts'
import { createMemorySignInStore } from '../testing/memory-sign-in-store.ts'
import { createTotpFactors, type TotpFactors } from './totp-factor.ts'

/** Only kept */
const EVENT = { log: 'idp', event: {} as AuditEvent }
const START_MS = 1_800_000_000_000
let nowMs: number
let factors: TotpFactors
beforeEach(() => {
  nowMs = START_MS
  const clock = { nowMs: () => nowMs }
  factors = createTotpFactors({
    store: createMemorySignInStore(clock),
    secondFactors: createMemorySecondFactors(),
    sealing: createSealing(randomBytes(32)),
    clock,
  } as unknown as SignInPorts)
})

const codeOf = (secret: string) => new TOTP({ secret }).generate({ timestamp: nowMs })

/** Opened at the start of the test */
const interactionOf = (uid: string) => ({ uid, exp: START_MS / 1000 + INTERACTION_TTL_SECONDS })

test('a secret shown to one user in an interaction does not work for another', async () => {
  const alices = await factors.begin(interactionOf('int_1'), 'usr_alice')
  expect(await factors.confirm('int_1', { userId: 'usr_bob', code: codeOf(alices), event: EVENT })).toBe(
    'wrong-code',
  )
  expect(await factors.begin(interactionOf('int_1'), 'usr_bob')).not.toBe(alices)
})

test('the page shows the same secret for the lifetime of the interaction', async () => {
  const shown = await factors.begin(interactionOf('int_1'), 'usr_alice')
  nowMs += INTERACTION_TTL_SECONDS * 1000 - 1
  expect(await factors.begin(interactionOf('int_1'), 'usr_alice')).toBe(shown)
  nowMs += 1
  expect(await factors.begin(interactionOf('int_1'), 'usr_alice')).not.toBe(shown)
})

test('two tabs that open the page at the same time show the same secret', async () => {
  const interaction = interactionOf('int_1')
  const [first, second] = await Promise.all([1, 2].map(() => factors.begin(interaction, 'usr_alice')))
  expect(first).toBe(second)
})

test('a secret is confirmed once, which consumes its code', async () => {
  const secret = await factors.begin(interactionOf('int_1'), 'usr_alice')
  const code = codeOf(secret)
  expect(await factors.confirm('int_1', { userId: 'usr_alice', code, event: EVENT })).toBeUndefined()
  expect(await factors.confirm('int_1', { userId: 'usr_alice', code, event: EVENT })).toBe('wrong-code')
  expect(await factors.findFault({ userId: 'usr_alice', code })).toBe('used-code')
  nowMs += 30_000
  expect(await factors.findFault({ userId: 'usr_alice', code: codeOf(secret) })).toBeUndefined()
  expect(await factors.findFault({ userId: 'usr_bob', code: codeOf(secret) })).toBe('no-factor')
})

test('the first of two concurrent enrolments counts', async () => {
  const [first, second] = [
    await factors.begin(interactionOf('int_1'), 'usr_alice'),
    await factors.begin(interactionOf('int_2'), 'usr_alice'),
  ]
  expect(
    await factors.confirm('int_1', { userId: 'usr_alice', code: codeOf(first), event: EVENT }),
  ).toBeUndefined()
  expect(await factors.confirm('int_2', { userId: 'usr_alice', code: codeOf(second), event: EVENT })).toBe(
    'enrolled-meanwhile',
  )
})
