import { errors } from 'oidc-provider'
import { beforeEach, expect, test } from 'vitest'

import { createAdapterFactory } from './adapter.ts'
import { createMemorySignInStore, type MemorySignInStore } from './testing/memory-sign-in-store.ts'

const clock = { nowMs: () => Date.now() }
const OF_THE_GRANT = ['AccessToken', 'RefreshToken', 'AuthorizationCode']

let store: MemorySignInStore
let adapterOf: ReturnType<typeof createAdapterFactory>

beforeEach(async () => {
  store = createMemorySignInStore(clock)
  adapterOf = createAdapterFactory({ store, clock, apps: { find: () => undefined } })
  for (const grantId of ['grant-1', 'grant-2']) {
    await adapterOf('Grant').upsert(grantId, { accountId: 'usr_alice' }, 60)
    for (const model of OF_THE_GRANT) await adapterOf(model).upsert(`${model} of ${grantId}`, { grantId }, 60)
  }
})

const left = () => ['Grant', ...OF_THE_GRANT].map((model) => store.count(model))

test('the first of two requests racing for one code wins', async () => {
  await adapterOf('AuthorizationCode').consume('AuthorizationCode of grant-1')
  expect(left()).toEqual([2, 2, 2, 2])
})

test.each(['AuthorizationCode', 'RefreshToken'])(
  'the second request racing for one %s is refused, and revokes the grant with all its tokens, but no other grant',
  async (model) => {
    await adapterOf(model).consume(`${model} of grant-1`)
    await expect(adapterOf(model).consume(`${model} of grant-1`)).rejects.toThrow(errors.InvalidGrant)
    expect(left()).toEqual([1, 1, 1, 1])
    expect(await adapterOf('Grant').find('grant-1')).toBeUndefined()
    expect(await adapterOf('Grant').find('grant-2')).toBeDefined()
  },
)
