// A sign-in counts only if the password that it used is still that of the user once its session is saved.
import { digest } from '@crosswalk/as-core'
import { expect, it } from 'vitest'

import type { SignInPorts } from '../contract.ts'
import type { Context } from '../respond.ts'
import { endIfPasswordReplaced } from './sessions.ts'

it.each<[string, object, string | undefined, boolean]>([
  ['the same', { passwordName: digest('old') }, 'old', false],
  ['replaced', { passwordName: digest('old') }, 'new', true],
  ['removed', { passwordName: digest('old') }, undefined, true],
  ['not what the user signed in with', {}, 'new', false],
])('after a sign-in, the password is %s', async (_, login, hash, isEnded) => {
  const ended: string[] = []
  const ports = {
    passwordHashes: { find: async () => hash },
    store: {
      destroy: async (model: string, id: string) => void ended.push(`${model} ${id}`),
      revokeByGrantId: async () => undefined,
    },
  } as unknown as SignInPorts
  const session = { jti: 's', authorizations: { agent0: { grantId: 'g' } } }
  const oidc = { session, result: { login: { accountId: 'usr_eve', ...login } } }
  const removed: string[] = []
  const ctx = { oidc, remove: (header: string) => void removed.push(header) } as unknown as Context
  const done = endIfPasswordReplaced(ctx, ports)
  if (isEnded) await expect(done).rejects.toMatchObject({ message: 'the password has been replaced' })
  else await done
  expect(ended).toEqual(isEnded ? ['Grant g', 'Session s'] : [])
  // The code that the library has already written to the response.
  expect(removed).toEqual(isEnded ? ['location'] : [])
})
