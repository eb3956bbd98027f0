import { beforeEach, expect, test } from 'vitest'

import { createAdapterFactory } from './adapter.ts'
import { collectIssuance } from './issuance.ts'
import { createMemorySignInStore, type MemorySignInStore } from './testing/memory-sign-in-store.ts'
import { errors } from './oidc-provider.ts'

const clock = { nowMs: () => Date.now() }
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
    const { issuance } = await collectIssuance(async () => {
      await adapterOf(model).consume(`${model} of grant-1`)
      await adapterOf('RefreshToken').upsert('new', { grantId: 'grant-1', accountId: 'usr_alice' }, 60)
    })
    expect(issuance).toMatchObject({
      consumed: [{ model, id: `${model} of grant-1` }],
      saved: [{ model: 'RefreshToken', id: 'new' }],
      replayKeys: [{ kind: model === 'RefreshToken' ? 'refresh-token' : 'authorization-code' }],
      userId: 'usr_alice',
      grantId: 'grant-1',
    })
    expect(await adapterOf(model).find(`${model} of grant-1`)).not.toHaveProperty('consumed')
    expect(await adapterOf('RefreshToken').find('new')).toBeUndefined()
  },
)

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
