import { grantIdOf } from '@crosswalk/as-core'
import { expect, test, vi } from 'vitest'

import { recordDescent } from './observe-access-token.ts'

test('an ID-JAG for an access token is linked to it, until everything derived from it has expired', async () => {
  const addDescent = vi.fn(async () => undefined)
  const issued = { find: async () => undefined, addDescent }
  const token = { authorizationServer: 'todo0', id: 'tok_1', chain: { expires_at: 1000 } }
  await recordDescent({ kind: 'id_token' } as never, 'jti', issued)
  await recordDescent({ kind: 'access_token', token: undefined } as never, 'jti', issued)
  expect(addDescent).not.toHaveBeenCalled()
  await recordDescent({ kind: 'access_token', token } as never, 'jti', issued)
  expect(addDescent).toHaveBeenCalledExactlyOnceWith({
    ...{ grantId: grantIdOf('jti'), authorizationServer: 'todo0', tokenId: 'tok_1' },
    expiresAt: 1000,
  })
})
