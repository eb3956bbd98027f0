// What was issued under the former name of a user is revoked, unless the user has the name again.
import { createSealing, createSecretHasher, type LedgerEntry } from '@crosswalk/as-core'
import { openStorage } from '@crosswalk/storage'
import { expect, it, onTestFinished } from 'vitest'

import { parseConfiguration } from '../config-file/load-configuration.ts'
import { createDirectory } from '../definitions/directory.ts'
import type { Reach } from '../definitions/revocations.ts'
import { createRevokeRenamed, followRenames } from './revoke-renamed.ts'

const ISSUER = 'http://127.0.0.1:4000'
const EVE = {
  ...{ id: 'usr_eve', username: 'eve', emailVerified: false, groups: [], attributes: {} },
  ...{ hasPassword: false, active: true },
}

async function open({ follows = true } = {}) {
  const file = {
    baseUrl: ISSUER,
    database: 'sqlite::memory:',
    idp: {
      resourceApps: [
        { id: 'todo0', name: 'Todo0', issuer: 'https://todo0.test', resources: [], subject: 'user.username' },
        {
          ...{ id: 'notes0', name: 'Notes0', issuer: 'https://notes0.test', resources: [] },
          subject: 'user.username',
        },
        // A user keeps the name there, whatever changes.
        { id: 'mail0', name: 'Mail0', issuer: 'https://mail0.test', resources: [], subject: 'user.id' },
      ],
    },
  }
  const { configuration, problems } = parseConfiguration(JSON.stringify(file), 'test.json', {})
  if (configuration === undefined) throw new Error(JSON.stringify(problems))
  const storage = await openStorage('sqlite::memory:')
  const sealing = createSealing(new Uint8Array(32))
  const directory = await createDirectory({
    ...{ configuration, sealing, hasher: createSecretHasher(sealing), objects: storage.objects },
    clock: { nowMs: () => Date.now() },
    onFault: () => undefined,
  })
  onTestFinished(async () => {
    directory.close()
    await storage.close()
  })
  const state = {
    revoked: [] as string[],
    audiences: new Set<string>(),
    recorded: [] as LedgerEntry['event'][],
  }
  const ledger = {
    async commit({ event }: LedgerEntry) {
      state.recorded.push(event)
      return { committed: true as const, chain: 'admin', seq: 1 }
    },
  }
  const parts = {
    ...{ directory, sealing, issuer: ISSUER, clock: { nowMs: () => 0 } },
    storage: { ...storage, ledger: { ...storage.ledger, ...ledger } },
    revoker: {
      async revokeReach(names: readonly Reach[]) {
        for (const { audience } of names) state.audiences.add(audience)
        const subjects = names.flatMap(({ subject }) => subject ?? [])
        const added = [...new Set(subjects)].filter((subject) => !state.revoked.includes(subject))
        state.revoked.push(...added)
        return added.length
      },
    },
  }
  const revokeRenamed = createRevokeRenamed(parts)
  if (follows) directory.onChange(followRenames(parts, revokeRenamed))
  const put = (id: string, username: string) =>
    directory.put({ collection: 'users', id, by: 'x', at: 0, body: { id, username, hasPassword: false } })
  return { state, put, revokeRenamed }
}

it('after each change', async () => {
  const { state, put } = await open()
  await put('usr_eve', 'eve')
  await put('usr_bob', 'bob')
  await put('usr_eve', 'eva')
  await put('usr_eve', 'evi')
  expect(state.revoked).toEqual(['eve', 'eva'])
  expect(state.recorded).toMatchObject(Array(2).fill({ target: { kind: 'user', id: 'usr_eve' } }))
})

it('or later', async () => {
  const { state, put, revokeRenamed } = await open({ follows: false })
  const former = ['eve', 'eva'].map((username) => ({ ...EVE, username }))
  await put('usr_eve', 'evi')
  await put('usr_eve', 'eve')
  await revokeRenamed(former)
  expect(state.revoked).toEqual(['eva'])
})

it('at every authorization server that knows the name, and at no other', async () => {
  const { state, put } = await open()
  await put('usr_eve', 'eve')
  expect(state.audiences.size).toBe(0)
  await put('usr_eve', 'eva')
  expect([...state.audiences].sort()).toEqual(['https://notes0.test', 'https://todo0.test'])
})
