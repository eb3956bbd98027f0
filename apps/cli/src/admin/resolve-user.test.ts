// A name on the command line leads to one user exactly, or to none.
import { type AdminClient, AdminApiError } from '@crosswalk/admin-api'
import { expect, it } from 'vitest'

import { resolveUser } from './resolve-user.ts'

const USERS = [
  { id: 'usr_1', username: 'alicia' },
  { id: 'usr_2', username: 'alice' },
  { id: 'alice2', username: 'bob' },
  { id: 'usr_3', username: 'alice2' },
]
const clientThat = (call: () => Promise<unknown>) => ({ call }) as unknown as AdminClient
const client = clientThat(async () => ({ body: { items: USERS, next: null } }))

it.each([
  ['a user name, among others that contain it', 'alice', 'usr_2'],
  ['an id, although another user has it as the user name', 'alice2', 'alice2'],
  ['part of a name', 'ali', 'ali'],
])('%s', async (_, typed, id) => expect(await resolveUser(client, typed)).toBe(id))

it('a caller who may not list users can still name one by id', async () => {
  const refuse = (status: number) =>
    clientThat(() => Promise.reject(new AdminApiError(status, { type: 'urn:x', title: 'No', status })))
  expect(await resolveUser(refuse(403), 'usr_2')).toBe('usr_2')
  await expect(resolveUser(refuse(503), 'usr_2')).rejects.toThrow('No')
})
