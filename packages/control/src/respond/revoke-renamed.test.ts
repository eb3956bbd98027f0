// Names of a user are revoked after a failure too, those in between included.
import { createSealing, createSecretHasher, type LedgerEntry } from '@crosswalk/as-core'
import { openStorage } from '@crosswalk/storage'
import { expect, it, onTestFinished } from 'vitest'

import { parseConfiguration } from '../config-file/load-configuration.ts'
import { createDirectory } from '../definitions/directory.ts'
import type { Reach } from '../definitions/revocations.ts'
import { createRevokeRenamed } from './revoke-renamed.ts'

const ISSUER = 'http://127.0.0.1:4000'

async function open() {
  const file = {
    baseUrl: ISSUER,
    database: 'sqlite::memory:',
    idp: {
      resourceApps: [
        { id: 'todo0', name: 'Todo0', issuer: 'https://todo0.test', resources: [], subject: 'user.username' },
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
  const state = { fails: false, revoked: [] as string[], recorded: [] as LedgerEntry['event'][] }
  const ledger = {
    async commit({ event }: LedgerEntry) {
      state.recorded.push(event)
      return { committed: true as const, chain: 'admin', seq: 1 }
    },
  }
  directory.onChange(
    createRevokeRenamed({
      ...{ directory, sealing, issuer: ISSUER, clock: { nowMs: () => 0 } },
      storage: { ...storage, ledger: { ...storage.ledger, ...ledger } },
      revoker: {
        async revokeReach(names: readonly Reach[]) {
          if (state.fails) throw new Error('the database is away')
          const subjects = names.flatMap(({ subject }) => subject ?? [])
          const added = subjects.filter((subject) => !state.revoked.includes(subject))
          state.revoked.push(...added)
          return added.length
        },
      },
    }),
  )
  const put = (id: string, username: string) =>
    directory.put({ collection: 'users', id, by: 'x', at: 0, body: { id, username, hasPassword: false } })
  return { state, put }
}

it('revokes every earlier name of a user after failures', async () => {
  const { state, put } = await open()
  await put('usr_eve', 'eve')
  await put('usr_bob', 'bob')
  state.fails = true
  await expect(put('usr_eve', 'eva')).rejects.toThrow('away')
  await expect(put('usr_eve', 'evi')).rejects.toThrow('away')
  state.fails = false
  await put('usr_bob', 'bob')
  expect(state.revoked.toSorted()).toEqual(['eva', 'eve'])
  expect(state.recorded).toMatchObject(Array(2).fill({ target: { kind: 'user', id: 'usr_eve' } }))
  await put('usr_bob', 'rob')
  expect(state.revoked.toSorted()).toEqual(['bob', 'eva', 'eve'])
})

it('keeps the name of a user who is called the same again', async () => {
  const { state, put } = await open()
  await put('usr_eve', 'eve')
  state.fails = true
  await expect(put('usr_eve', 'eva')).rejects.toThrow('away')
  state.fails = false
  await put('usr_eve', 'eve')
  expect(state.revoked).toEqual(['eva'])
})
