// What a restored object keeps of the current one: a secret or password that was replaced stays replaced.
import { expect, it } from 'vitest'

import { withCurrentSecrets } from './secrets-shown.ts'

const client = (secretHash: string, method = 'client_secret_basic') => ({
  ...{ id: 'c', name: secretHash },
  auth: { method, secretHash },
})
const keyed = { id: 'c', name: 'key', auth: { method: 'private_key_jwt', jwks: { keys: [] } } }

it.each([
  ['its current secret', client('old'), client('new'), client('new').auth],
  [
    'its former method, with the current secret',
    client('old', 'client_secret_post'),
    client('new'),
    client('new', 'client_secret_post').auth,
  ],
  ['the key that replaced its secret', client('old'), keyed, keyed.auth],
  ['its former key', keyed, client('new'), keyed.auth],
  ['its former secret, if it was deleted', client('old'), undefined, client('old').auth],
])('a restored app has %s', (_, old, current, auth) => {
  const restore = (collection: 'apps' | 'authorization-servers', one: unknown, other: unknown) =>
    withCurrentSecrets(collection, one as never, other as never) as unknown
  expect(restore('apps', old, current)).toEqual({ ...old, auth })
  const clients = current === undefined ? [] : [{ ...current, id: 'other' }, current]
  expect(restore('authorization-servers', { clients: [old] }, { clients })).toEqual({
    clients: [{ ...old, auth }],
  })
})

it('a restored app counts as registered when the current one was', () => {
  const restore = (current: object | undefined) =>
    withCurrentSecrets('apps', { ...client('old'), registeredAt: 1 } as never, current as never)
  expect(restore({ ...client('old'), registeredAt: 2 })).toMatchObject({ registeredAt: 2 })
  expect(restore(client('old'))).toMatchObject({ registeredAt: 1 })
  expect(restore(undefined)).toMatchObject({ registeredAt: 1 })
})

it.each([
  ['the current password', { hasPassword: true, passwordSetAt: 'now' }],
  ['no password, if it was removed', { hasPassword: false }],
  ['no password, if the user was deleted', undefined],
])('a restored user has %s', (_, current) => {
  const old = { id: 'usr_eve', username: 'eve', hasPassword: true, passwordSetAt: 'before' }
  expect(withCurrentSecrets('users', old as never, current as never)).toEqual({
    ...{ id: 'usr_eve', username: 'eve', hasPassword: false },
    ...current,
  })
})
