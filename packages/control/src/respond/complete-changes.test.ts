// What is completed of changes that were interrupted: by a fault, or in another process that has ended since.
import { createSealing, createSecretHasher } from '@crosswalk/as-core'
import { DAY_MS } from '@crosswalk/protocol'
import { openStorage } from '@crosswalk/storage'
import { expect, it, onTestFinished } from 'vitest'

import { parseConfiguration } from '../config-file/load-configuration.ts'
import { createDirectory } from '../definitions/directory.ts'
import { ACTS } from '../definitions/stored-acts.ts'
import { createCompleteChanges } from './complete-changes.ts'
import type { AffectedUsers } from './lost-assignment.ts'

const START_MS = 1_800_000_000_000
const TTL_MS = 600_000
const MARGIN_MS = 120_000

const FILE = {
  baseUrl: 'http://127.0.0.1:4000',
  database: 'sqlite::memory:',
  idp: {},
  authorizationServers: [{ id: 'as', accessTokenTtlSeconds: TTL_MS / 1000 }],
}
const CONNECTION = {
  ...{ id: 'agent-todo', app: 'agent', resourceApp: 'todo', clientId: 'c', resources: [], scopes: ['a'] },
  ...{ assignments: { users: ['usr_bob'] }, status: 'active' },
}

async function open() {
  const { configuration, problems } = parseConfiguration(JSON.stringify(FILE), 'test.json', {})
  if (configuration === undefined) throw new Error(JSON.stringify(problems))
  const storage = await openStorage('sqlite::memory:')
  const sealing = createSealing(new Uint8Array(32))
  const state = { nowMs: START_MS, fails: false }
  const clock = { nowMs: () => state.nowMs }
  const { objects } = storage
  const directory = await createDirectory({
    ...{ configuration, sealing, hasher: createSecretHasher(sealing), objects, clock },
    onFault: () => undefined,
  })
  onTestFinished(async () => {
    directory.close()
    await storage.close()
  })
  const done: unknown[] = []
  async function revoke(...what: unknown[]): Promise<number> {
    if (state.fails) throw new Error('the database is away')
    // A second pass finds nothing more.
    const isNew = done.every((one) => JSON.stringify(one) !== JSON.stringify(what))
    if (isNew) done.push(what)
    return isNew ? 1 : 0
  }
  const completeChanges = createCompleteChanges({
    ...{ directory, storage, clock },
    vault: { revoke: (_: unknown, query: object) => revoke('stored credentials', query) },
    revokeRenamed: async (former: readonly { username: string }[]) =>
      void (await revoke('names', ...former.map(({ username }) => username))),
    revoker: {
      endSessions: async (id: string) => void (await revoke('sessions', id)),
      revokeUser: ({ id }: { id: string }) => revoke('user', id),
      revokeUnassigned: (affected: AffectedUsers) => revoke('lost', affected),
      revokeUserOf: ({ id }: { id: string }, user: { id: string }, until: number) =>
        revoke('grant', id, user.id, until),
    },
  } as unknown as Parameters<typeof createCompleteChanges>[0])
  /** By another process. @param body - undefined to remove the object */
  async function change(collection: string, id: string, body: object | undefined, at = state.nowMs) {
    const about = { collection, id, by: 'ada', at }
    await (body === undefined ? objects.remove(about) : objects.put({ ...about, body: { ...body, id } }))
  }
  const user = (id: string, more: object | undefined, at?: number) =>
    change('users', id, more && { username: id.slice(4), hasPassword: false, ...more }, at)
  /** @returns what was revoked meanwhile, and how many events were recorded */
  async function complete() {
    done.length = 0
    await completeChanges()
    const names = done.flatMap((one) => ((one as string[])[0] === 'names' ? [] : [one]))
    return names
  }
  const events = async () =>
    (await storage.events.list({ log: 'admin', limit: 100 })).items.map(({ event }) => event)
  return { state, done, change, user, complete, completeChanges, events }
}

it('users who were deactivated, first as far back as tokens live', async () => {
  const { user, complete, events } = await open()
  const first = START_MS - TTL_MS - MARGIN_MS
  for (const id of ['usr_old', 'usr_late', 'usr_back']) await user(id, {}, first - 1)
  await user('usr_old', { active: false }, first)
  for (const id of ['usr_late', 'usr_back']) await user(id, { active: false }, first + 1)
  await user('usr_back', {})
  await user('usr_new', { active: false })
  expect(await complete()).toEqual([
    ['sessions', 'usr_late'],
    ['user', 'usr_late'],
  ])
  expect(await events()).toMatchObject([
    { type: 'token.revoked', target: { kind: 'user', id: 'usr_late' }, change: { revoked_tokens: 1 } },
  ])
})

it('users who were removed, and are not there again', async () => {
  const { user, complete } = await open()
  for (const id of ['usr_gone', 'usr_again']) await user(id, {}, START_MS - DAY_MS)
  for (const id of ['usr_gone', 'usr_again']) await user(id, undefined)
  await user('usr_again', {})
  expect(await complete()).toEqual([
    ['stored credentials', { userId: 'usr_gone' }],
    ['sessions', 'usr_gone'],
    ['user', 'usr_gone'],
  ])
})

it('then what has changed since, once, or again if that failed', async () => {
  const { state, user, complete, completeChanges } = await open()
  await user('usr_bob', {}, START_MS - DAY_MS)
  expect(await complete()).toEqual([])
  state.nowMs += DAY_MS
  await user('usr_bob', { active: false })
  state.fails = true
  await expect(completeChanges()).rejects.toThrow('away')
  state.fails = false
  expect(await complete()).toEqual([
    ['sessions', 'usr_bob'],
    ['user', 'usr_bob'],
  ])
  expect(await complete()).toEqual([])
})

it('every earlier name of a user', async () => {
  const { done, user, completeChanges } = await open()
  await user('usr_eve', { username: 'eve' }, START_MS - DAY_MS)
  await user('usr_eve', { username: 'eva' })
  await user('usr_eve', { username: 'evi' })
  await completeChanges()
  expect(done).toEqual([
    ['names', 'eve'],
    ['names', 'eva'],
  ])
})

it('users who left groups, all at once', async () => {
  const { user, change, complete } = await open()
  await user('usr_bob', { groups: ['g'] }, START_MS - DAY_MS)
  await change('groups', 'h', { members: ['usr_ann', 'usr_cid'] }, START_MS - DAY_MS)
  await user('usr_bob', {})
  await change('groups', 'h', { members: ['usr_ann'] })
  expect(await complete()).toEqual([['lost', { kind: 'users', ids: ['usr_bob', 'usr_cid'] }]])
})

it.each<[string, object | undefined, object | undefined]>([
  ['lost a user', { ...CONNECTION, assignments: {} }, {}],
  ['gained a user', { ...CONNECTION, assignments: { users: ['usr_bob', 'usr_ann'] } }, undefined],
  ['was removed', undefined, { endedAt: START_MS }],
  ['became a draft', { ...CONNECTION, status: 'draft' }, { endedAt: START_MS }],
  ['was suspended', { ...CONNECTION, status: 'suspended' }, undefined],
  ['has another client', { ...CONNECTION, clientId: 'd' }, { endedAt: START_MS }],
  ['has expired', { ...CONNECTION, expiresAt: new Date(START_MS).toISOString() }, { endedAt: START_MS }],
])('a connection that %s', async (_, after, expected) => {
  const { change, complete } = await open()
  await change('connections', CONNECTION.id, CONNECTION, START_MS - DAY_MS)
  await change('connections', CONNECTION.id, after)
  const affected = { kind: 'connection', connection: { clientId: 'c' }, ...expected }
  expect(await complete()).toMatchObject(expected === undefined ? [] : [['lost', affected]])
})

it('connections that lost users at the same time, each', async () => {
  const { change, complete } = await open()
  const ids = ['agent-todo', 'agent-notes']
  for (const id of ids) await change('connections', id, CONNECTION, START_MS - DAY_MS)
  for (const id of ids) await change('connections', id, { ...CONNECTION, assignments: {} })
  expect(await complete()).toMatchObject(
    ids.map((id) => ['lost', { kind: 'connection', connection: { id } }]),
  )
})

it.each<[string, object | undefined, readonly unknown[]]>([
  ['became inactive', { active: false }, [['lost', { kind: 'app', id: 'agent' }]]],
  ['was removed', undefined, [['lost', { kind: 'app', id: 'agent' }]]],
  ['has another name', { name: 'The agent' }, []],
])('an app that %s', async (_, after, expected) => {
  const { change, complete } = await open()
  const app = { name: 'Agent', kind: 'agent', auth: { method: 'none' }, assignments: { everyone: true } }
  await change('apps', 'agent', app, START_MS - DAY_MS)
  await change('apps', 'agent', after && { ...app, ...after })
  expect(await complete()).toEqual(expected)
})

it('a resource app that was removed, and is not there again', async () => {
  const { change, complete } = await open()
  const app = { name: 'Todo', issuer: 'https://as.test', resources: [], assignments: { everyone: true } }
  for (const id of ['todo', 'again']) await change('resource-apps', id, app, START_MS - DAY_MS)
  for (const id of ['todo', 'again']) await change('resource-apps', id, undefined)
  await change('resource-apps', 'again', app)
  expect(await complete()).toEqual([
    ['stored credentials', { resourceApp: 'todo' }],
    ['lost', { kind: 'everyone' }],
  ])
})

it('what was issued before an access grant was revoked', async () => {
  const { user, change, complete } = await open()
  await user('usr_bob', {}, START_MS - DAY_MS)
  await change('connections', CONNECTION.id, CONNECTION, START_MS - DAY_MS)
  const { app, resourceApp } = CONNECTION
  const about = { connection: CONNECTION.id, user: 'usr_bob', app, resourceApp, scopes: ['a'] }
  const over = { at: new Date(START_MS + 999).toISOString(), by: 'ada' }
  const grant = { ...about, id: 'acg', by: 'ada', at: new Date(START_MS - DAY_MS).toISOString() }
  for (const id of ['acg_revoked', 'acg_ended'])
    await change(ACTS.accessGrants, id, { ...grant, state: 'active' }, START_MS - DAY_MS)
  await change(ACTS.accessGrants, 'acg_revoked', { ...grant, state: 'revoked', over })
  await change(ACTS.accessGrants, 'acg_ended', { ...grant, state: 'ended', over })
  expect(await complete()).toEqual([['grant', CONNECTION.id, 'usr_bob', START_MS + 999]])
})
