// Which accounts at brokered services a user sees, and which keys a user may store.
import { expect, it } from 'vitest'

import { createOwnAccounts } from './own-accounts.ts'

const SOURCE = { headers: new Headers(), ip: undefined }
const API_KEY = { kind: 'apiKey', header: 'X-Key', per: 'user' }
const HELD = { storedAt: 5, usedAt: 7 }

const resourceApp = (id: string, credential: object, users: readonly string[] = ['usr_alice']) => ({
  ...{ id, name: id.toUpperCase(), active: true, assignments: { everyone: false, users, groups: [] } },
  brokered: { credential },
})
const RESOURCE_APPS = [
  resourceApp('notes', API_KEY),
  resourceApp('files', API_KEY, ['usr_bob']),
  resourceApp('former', API_KEY, []),
  resourceApp('shared', { ...API_KEY, per: 'app' }),
  resourceApp('mail', { kind: 'oauth' }),
  { ...resourceApp('direct', {}), brokered: undefined },
]

function open(refusal?: string) {
  const stored: unknown[] = []
  const parts = {
    directory: {
      current: () => ({
        world: {
          'resource-apps': new Map(RESOURCE_APPS.map((definition) => [definition.id, { definition }])),
        },
        users: { findById: async (id: string) => ({ id, active: true, groups: [] }) },
      }),
    },
    vault: {
      list: async () => [
        { resourceApp: 'former', kind: 'apiKey', ...HELD },
        // From when the service had OAuth.
        { resourceApp: 'notes', kind: 'oauth', ...HELD },
      ],
      store: async (context: { caller: { id: string } }, secret: object) => {
        stored.push([context.caller.id, secret])
        return refusal ?? { id: 'cred_1' }
      },
      revoke: async (_: object, { resourceApp: id }: { resourceApp: string }) => (id === 'former' ? 1 : 0),
    },
  } as unknown as Parameters<typeof createOwnAccounts>[0]
  return { stored, own: createOwnAccounts(parts) }
}

it('lists services with accounts that the user may use, and those with a stored credential', async () => {
  expect(await open().own.listAccounts('usr_alice')).toEqual([
    { resourceApp: 'former', name: 'FORMER', kind: 'apiKey', ...HELD },
    { resourceApp: 'mail', name: 'MAIL', kind: 'oauth' },
    { resourceApp: 'notes', name: 'NOTES', kind: 'apiKey' },
  ])
})

it.each([
  ['notes', 'k', undefined],
  ['notes', 'k'.repeat(8192), undefined],
  ['notes', 'k'.repeat(8193), 'not-connected'],
  ['notes', '', 'not-connected'],
  ['files', 'k', 'unknown'],
  ['shared', 'k', 'unknown'],
  ['mail', 'k', 'unknown'],
  ['none', 'k', 'unknown'],
])('a key for %s: %.5s, problem: %s', async (id, key, problem) => {
  const { own, stored } = open()
  expect(await own.storeKey('usr_alice', { resourceApp: id, key }, SOURCE)).toBe(problem)
  expect(stored).toEqual(
    problem === undefined ? [['usr_alice', { resourceApp: id, userId: 'usr_alice', secret: key }]] : [],
  )
})

it('says that a key was not stored if the vault refuses it', async () => {
  const { own } = open('A secret may only contain printable ASCII characters.')
  expect(await own.storeKey('usr_alice', { resourceApp: 'notes', key: 'é' }, SOURCE)).toBe('not-connected')
})

it('disconnects what is connected, and nothing else', async () => {
  const { own } = open()
  expect(await own.disconnect('usr_alice', 'former', SOURCE)).toBeUndefined()
  expect(await own.disconnect('usr_alice', 'notes', SOURCE)).toBe('unknown')
})
