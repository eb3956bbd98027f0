// What is refused for now, and what went wrong here: the caller hears how long to wait, and the record says that it was no
// decision against anybody.
import { afterEach, beforeEach, expect, it } from 'vitest'

import { company, NOTES, TODO } from '../support/company.ts'
import { type Answer, exchange, redeem, signInFor } from '../support/flow.ts'
import { expectRefused } from './support/expect-refused.ts'
import { idJagClaims, idJagHeader, makeKey, signJwt } from './support/foreign-issuer.ts'
import { startWorld, type World } from './support/world.ts'

const FOREIGN = 'http://127.0.0.1:9/idp'

let world: World
beforeEach(async () => {
  world = await startWorld((baseUrl) =>
    company(baseUrl, {
      idp: { policies: [{ id: 'slow', effect: 'limit', limit: { perHour: 2 } }] },
      authorizationServer: {
        trustedIssuers: [
          { issuer: baseUrl, provisioning: 'jit' },
          { issuer: FOREIGN, jwksUri: `${FOREIGN}/jwks`, provisioning: 'jit' },
        ],
      },
    }),
  )
})
afterEach(() => world.stop())

const retryAfter = ({ headers }: Answer) => headers.get('retry-after')

it('a limit by the hour says when the next grant fits (IDP-39)', async () => {
  const { idToken } = await signInFor(world.baseUrl, 'alice')
  const ask = (resource = TODO) => exchange(world.baseUrl, idToken, { resource })
  expect((await ask()).status).toBe(200)
  world.clock.moveSeconds(400)
  expect((await ask(NOTES)).status).toBe(200)
  world.clock.moveSeconds(100)
  const refused = await ask()
  await expectRefused(world, refused, { status: 429, error: 'slow_down', code: 'XAA1904' })
  const seconds = Number(retryAfter(refused))
  expect([seconds <= 3100, seconds > 3090]).toEqual([true, true])
  expect((await world.findDecision(refused)).outcome).toBe('deny')
})

it('keys that cannot be had are nobody’s refusal: 503, when to try again, and outcome error (RAS-44)', async () => {
  const key = await makeKey('f')
  const idJag = await signJwt(key, idJagClaims(world, FOREIGN), idJagHeader)
  const answer = await redeem(world.baseUrl, idJag)
  await expectRefused(world, answer, { status: 503, error: 'temporarily_unavailable', code: 'XAA2204' })
  expect(Number(retryAfter(answer))).toBeGreaterThan(0)
  expect((await world.findDecision(answer)).outcome).toBe('error')
  const { idToken } = await signInFor(world.baseUrl, 'alice')
  const own = String((await exchange(world.baseUrl, idToken, { resource: TODO })).body.access_token)
  const redeemed = await redeem(world.baseUrl, own)
  expect([redeemed.status, retryAfter(redeemed)]).toEqual([200, null])
})

const breakDown = async () => {
  throw new Error('the disk is gone')
}

it('a fault is answered alike and recorded for good, at both servers (IDP-38, RAS-42)', async () => {
  const { idToken } = await signInFor(world.baseUrl, 'alice')
  const idJag = String((await exchange(world.baseUrl, idToken, { resource: TODO })).body.access_token)
  const { signIn, accounts } = world.storage
  Object.assign(signIn, { lookUpByUid: breakDown, find: breakDown })
  Object.assign(accounts, { findByIssuerSubject: breakDown })
  for (const [answer, stage] of [
    [await exchange(world.baseUrl, idToken, { resource: TODO }), 'idp.token_exchange'],
    [await redeem(world.baseUrl, idJag), 'ras.redemption'],
  ] as const) {
    expect([answer.status, answer.body.error]).toEqual([500, 'server_error'])
    const id = answer.headers.get('crosswalk-decision') ?? ''
    const [recorded] = await world.storage.events.findByDecision(id)
    expect(recorded?.event.decision).toMatchObject({
      decision_id: id,
      stage,
      outcome: 'error',
      code: 'XAA9001',
    })
  }
  expect(world.faults.map(String)).toEqual(['Error: the disk is gone', 'Error: the disk is gone'])
})

it('a fault of the database itself is at least remembered while the process runs (IDP-38)', async () => {
  const { idToken } = await signInFor(world.baseUrl, 'alice')
  Object.assign(world.storage.ledger, { commit: breakDown })
  const answer = await exchange(world.baseUrl, idToken, { resource: TODO })
  expect([answer.status, answer.body.error]).toEqual([500, 'server_error'])
  expect(await world.findDecision(answer)).toMatchObject({ outcome: 'error', code: 'XAA9001' })
  expect(world.faults).toHaveLength(2)
})
