import { beforeEach, expect, test } from 'vitest'

import { createAdapterFactory } from './adapter.ts'
import { collectIssuance } from './issuance.ts'
import { createMemorySignInStore, type MemorySignInStore } from '../testing/memory-sign-in-store.ts'
import { errors } from './oidc-provider.ts'

const clock = { nowMs: () => Date.now() }
/** Seconds */
const KEPT = 600
const OF_THE_GRANT = ['AccessToken', 'RefreshToken', 'AuthorizationCode']

let store: MemorySignInStore
let adapterOf: ReturnType<typeof createAdapterFactory>

beforeEach(async () => {
  store = createMemorySignInStore(clock)
  adapterOf = createAdapterFactory({ store, clock, apps: { find: () => undefined } })
  for (const grantId of ['grant-1', 'grant-2']) {
    await adapterOf('Grant').upsert(grantId, { accountId: 'usr_alice' }, 60)
    for (const model of OF_THE_GRANT)
      await adapterOf(model).upsert(`${model} of ${grantId}`, { grantId, exp: Date.now() / 1000 + 60 }, 60)
  }
})

test.each(['AuthorizationCode', 'RefreshToken'])(
  'a token request uses a %s and saves tokens in one transaction of its caller',
  async (model) => {
    const exp = Math.floor(Date.now() / 1000) + 60
    const family = { grantId: 'grant-1', clientId: 'agent0', sid: 'session.app' }
    const payload = { ...family, accountId: 'usr_alice', exp }
    await adapterOf(model).upsert(`${model} of grant-1`, payload, 60)
    const { issuance } = await collectIssuance(async () => {
      await adapterOf(model).find(`${model} of grant-1`)
      await adapterOf(model).consume(`${model} of grant-1`)
      await adapterOf('RefreshToken').upsert('new', { grantId: 'grant-1', accountId: 'usr_alice' }, 60)
    })
    expect(issuance).toMatchObject({
      consumed: [{ model, id: `${model} of grant-1` }],
      saved: [{ model: 'RefreshToken', id: 'new' }],
      // Kept for longer than the record, which a request may have read before.
      replayKeys: [
        { kind: model === 'RefreshToken' ? 'refresh-token' : 'authorization-code', expiresAt: exp + KEPT },
      ],
      userId: 'usr_alice',
      family: { ...family, userId: 'usr_alice' },
    })
    expect(await adapterOf(model).find(`${model} of grant-1`)).not.toHaveProperty('consumed')
    expect(await adapterOf('RefreshToken').find('new')).toBeUndefined()
  },
)

test.each(['Session', 'Grant'])('a %s ends on time, even if it took a moment to store', async (model) => {
  let nowMs = 1_000_000
  let storedLaterMs = 5
  const behind = createMemorySignInStore({ nowMs: () => nowMs + storedLaterMs })
  const ports = { store: behind, clock: { nowMs: () => nowMs }, apps: { find: () => undefined } }
  const adapter = createAdapterFactory(ports)(model)
  await adapter.upsert('one', { accountId: 'usr_alice', endsAt: 1_010 } as never, 60)
  storedLaterMs = 0
  nowMs = 1_009_999
  expect(await adapter.find('one')).toMatchObject({ accountId: 'usr_alice' })
  nowMs = 1_010_000
  expect(await adapter.find('one')).toBeUndefined()
})

test.each(['AuthorizationCode', 'RefreshToken'])('a %s revoked meanwhile is refused', async (model) => {
  const asked = collectIssuance(() => adapterOf(model).consume('revoked'))
  await expect(asked).rejects.toThrow(errors.InvalidGrant)
})

test('a pushed request is used at once, by the first of two requests', async () => {
  await adapterOf('PushedAuthorizationRequest').upsert('par', {}, 60)
  await adapterOf('PushedAuthorizationRequest').consume('par')
  // An error of the authorization endpoint: the client gets it by redirect, and pushes its request again.
  const second = adapterOf('PushedAuthorizationRequest').consume('par')
  await expect(second).rejects.toMatchObject({ error: 'invalid_request_uri' })
})

test.each([
  [99, false],
  [100, true],
  [101, true],
])('a grant of second %i is found after its app was registered in second 100: %s', async (iat, isFound) => {
  const apps = { find: () => ({ registeredAt: 100 }) as never }
  const grants = createAdapterFactory({ store, clock, apps })('Grant')
  await grants.upsert('grant-3', { accountId: 'usr_alice', clientId: 'agent0', iat }, 60)
  expect((await grants.find('grant-3')) !== undefined).toBe(isFound)
})

test('an expired refresh token is kept for a day, so that the response can say so', async () => {
  let nowMs = Date.now()
  const moving = { nowMs: () => nowMs }
  const later = createMemorySignInStore(moving)
  const tokens = createAdapterFactory({ store: later, clock: moving, apps: { find: () => undefined } })(
    'RefreshToken',
  )
  await tokens.upsert('old', {}, 60)
  nowMs += 60_000 + 86_400_000 - 1
  expect(await tokens.find('old')).toBeDefined()
  nowMs += 1
  expect(await tokens.find('old')).toBeUndefined()
})

test.each([
  ['until its end, if that is earlier', 59, 59],
  ['as usual, if it ends later', 61, 60],
  ['as usual, without an end', undefined, 60],
])('a session or grant is kept %s', async (_, seconds, kept) => {
  const startMs = 1_800_000_000_000
  let nowMs = startMs
  const moving = { nowMs: () => nowMs }
  const rows = createMemorySignInStore(moving)
  const grants = createAdapterFactory({ store: rows, clock: moving, apps: { find: () => undefined } })(
    'Grant',
  )
  const end = seconds === undefined ? {} : { endsAt: startMs / 1000 + seconds }
  await grants.upsert('ends', { accountId: 'usr_alice', ...end }, 60)
  nowMs += kept * 1000 - 1
  expect(await grants.find('ends')).toBeDefined()
  nowMs += 1
  expect(await grants.find('ends')).toBeUndefined()
})
