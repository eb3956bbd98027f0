// How secrets of an object are named in a document, and that no text of a user becomes such a name.
import { setImmediate as nextTurn } from 'node:timers/promises'

import { COLLECTION_NAMES } from '@crosswalk/admin-api'
import { zAuthorizationServer, zUser } from '@crosswalk/protocol'
import { expect, it, vi } from 'vitest'

import { itemsInMemory } from '../definitions/users/user-items.ts'
import { renderDocument } from './render-document.ts'

const BASE = 'https://idp.test'

const none = () => Object.fromEntries(COLLECTION_NAMES.map((collection) => [collection, new Map()]))

async function render(change: object) {
  const { clients = [], ...rest } = change as { readonly clients?: readonly object[] }
  const server = {
    ...zAuthorizationServer.parse({ id: '9lives', issuer: `${BASE}/as/9lives`, ...rest }),
    clients,
  }
  const world = { ...none(), 'authorization-servers': new Map([['9lives', { definition: server }]]) }
  const compiled = { world, users: { items: itemsInMemory(new Map()) } }
  const parts = { directory: { current: () => compiled }, configuration: { baseUrl: BASE } }
  const { document } = await renderDocument(parts as never, undefined)
  const [rendered] = document['authorizationServers'] as readonly {
    readonly issuer?: string
    readonly clients?: readonly { readonly id: string; readonly auth: object }[]
  }[]
  return rendered ?? {}
}

it('gives the secret of each client its own variable', async () => {
  const auth = { method: 'client_secret_basic', secretHash: 'h' }
  const { clients = [] } = await render({ clients: ['a-b', 'a.b', 'a_b', 'c'].map((id) => ({ id, auth })) })
  expect(clients.map((client) => client.auth)).toEqual(
    ['_9LIVES_A_B_SECRET', '_9LIVES_A_B_SECRET_2', '_9LIVES_A_B_SECRET_3', '_9LIVES_C_SECRET'].map(
      (name) => ({
        ...{ method: 'client_secret_basic', secret: `\${${name}}` },
      }),
    ),
  )
})

it('names every secret: the previous one of a client, and that of the server at its sign-in provider', async () => {
  const auth = { method: 'client_secret_post', secretHash: 'h', previousSecretHash: 'p' }
  const signIn = { issuer: 'https://s.test', clientId: 'us', clientSecret: 'in the file' }
  expect(await render({ clients: [{ id: 'a', auth }], authorizationCode: { signIn } })).toMatchObject({
    clients: [
      {
        auth: {
          ...{ method: 'client_secret_post', secret: '${_9LIVES_A_SECRET}' },
          previousSecret: '${_9LIVES_A_PREVIOUS_SECRET}',
        },
      },
    ],
    authorizationCode: { signIn: { ...signIn, clientSecret: '${_9LIVES_SIGN_IN_CLIENT_SECRET}' } },
  })
})

it('shows public keys, and a secret only if there is one', async () => {
  const keys = [{ kty: 'EC', crv: 'P-256', x: 'x', y: 'y', d: 'private' }]
  const { clients } = await render({
    clients: [
      { id: 'key', auth: { method: 'private_key_jwt', jwks: { keys } } },
      { id: 'public', auth: { method: 'none' } },
    ],
  })
  expect(clients).toEqual([
    {
      id: 'key',
      auth: { method: 'private_key_jwt', jwks: { keys: [{ kty: 'EC', crv: 'P-256', x: 'x', y: 'y' }] } },
    },
    { id: 'public', auth: { method: 'none' } },
  ])
})

it('omits the usual issuer, and keeps text that looks like a variable', async () => {
  expect((await render({})).issuer).toBeUndefined()
  expect((await render({ issuer: 'https://as.test' })).issuer).toBe('https://as.test')
  const { clients } = await render({ clients: [{ id: 'a', name: '${HOME}', auth: { method: 'none' } }] })
  expect(clients).toMatchObject([{ name: '$${HOME}' }])
})

it('lets other work run between the parts of a long document', async () => {
  const groups = Array.from({ length: 1000 }, (_, at) => ({ id: `g${at}`, members: [], owners: [] }))
  const world = {
    ...none(),
    groups: new Map(groups.map((definition) => [definition.id, { definition, owner: 'database' }])),
  }
  const compiled = { world, users: { items: itemsInMemory(new Map()) } }
  const configuration = { baseUrl: BASE, idp: { users: [] } }
  let isDone = false
  let turns = 0
  const parts = { directory: { current: () => compiled }, configuration }
  const rendering = renderDocument(parts as never, undefined)
  void rendering.finally(() => (isDone = true))
  while (!isDone) {
    await nextTurn()
    turns += 1
  }
  expect((await rendering).document).toMatchObject({ idp: { groups: { length: 1000 } } })
  // 250 objects at a time
  expect(turns).toBeGreaterThanOrEqual(4)
})

it('reads no users of the database for a document of the file', async () => {
  const user = (id: string, owner: 'file' | 'database') =>
    [
      id,
      { definition: { ...zUser.parse({ id, username: id }), hasPassword: false }, owner, revision: 0 },
    ] as const
  const items = itemsInMemory(new Map([user('usr_ann', 'file'), user('usr_ben', 'database')]))
  const read = vi.spyOn(items, 'each')
  const world = none()
  const parts = {
    directory: { current: () => ({ world, users: { items } }) },
    configuration: { baseUrl: BASE, idp: { users: [] } },
  }
  const { document } = await renderDocument(parts as never, 'file')
  expect(document).toMatchObject({ idp: { users: [{ id: 'usr_ann' }] } })
  expect(read).not.toHaveBeenCalled()
})
