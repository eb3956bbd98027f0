import { digest } from '@crosswalk/as-core'
import { describe, expect, it } from 'vitest'

import {
  createReceivedRevocations,
  type ReceivedRevocation,
  type ReceivedRevocations,
  type ReceivedRevocationStore,
  type StoredRevocation,
} from './received-revocations.ts'
import { findIssuedUntil } from './revoke-received.ts'

const BASE: ReceivedRevocation = {
  id: 'set-1',
  authorizationServer: 'todo0',
  issuer: 'https://idp.test',
  issuedUntil: 1000,
  expiresAt: 1400,
  rememberedUntil: 5000,
}
const ID_JAG = {
  iss: 'https://idp.test',
  sub: 'alice',
  client_id: 'agent0',
  tenant: 'acme',
  jti: 'j',
  resource: 'https://todo.test/mcp',
  iat: 1000,
}

/** Shared by two processes. */
function createStore(): ReceivedRevocationStore {
  let rows: StoredRevocation[] = []
  return {
    async add(revocations) {
      for (const revocation of revocations) rows.push({ ...revocation, position: rows.length + 1 })
    },
    listAfter: async (position) => rows.filter((row) => row.position > position),
    listOf: async (server, id) => rows.filter((row) => row.authorizationServer === server && row.id === id),
    async forgetExpired(now) {
      rows = rows.filter(({ rememberedUntil }) => rememberedUntil >= now)
    },
  }
}

async function find(change: Partial<ReceivedRevocation>, idJag: object = {}, server = 'todo0') {
  const revocations = createReceivedRevocations(createStore())
  await revocations.add([{ ...BASE, ...change }])
  return revocations.find(server, { ...ID_JAG, ...idJag })
}

describe('REV-05: a revocation', () => {
  it.each([
    ['everything of the issuer', {}, {}],
    ['its subject', { subject: 'alice' }, {}],
    ['its client', { clientId: 'agent0' }, {}],
    ['its tenant', { tenant: 'acme' }, {}],
    ['itself', { grantId: digest('j') }, {}],
    ['one of its resources', { resources: ['https://x.test/', 'https://todo.test/mcp'] }, {}],
    ['a resource, if it names none', { resources: ['https://x.test/'] }, { resource: undefined }],
    ['a missing issue time', {}, { iat: undefined }],
  ])('covers an ID-JAG by %s', async (_, change, idJag) => {
    expect(await find(change, idJag)).toBe('set-1')
  })

  it.each([
    ['another issuer', {}, { iss: 'https://other.test' }],
    ['another subject', { subject: 'bob' }, {}],
    ['another client', { clientId: 'other' }, {}],
    ['another tenant', { tenant: 'other' }, {}],
    ['a tenant, if it has none', { tenant: 'acme' }, { tenant: undefined }],
    ['another grant', { grantId: digest('other') }, {}],
    ['another resource', { resources: ['https://x.test/'] }, {}],
    ['a later issue time', {}, { iat: 1001 }],
  ])('does not cover one by %s', async (_, change, idJag) => {
    expect(await find(change, idJag)).toBeUndefined()
  })

  it('at one server does not affect another', async () => {
    expect(await find({}, {}, 'notes0')).toBeUndefined()
  })

  it('reaches other processes, once each, and is deleted in time', async () => {
    const store = createStore()
    const [here, there] = [createReceivedRevocations(store), createReceivedRevocations(store)]
    await here.add([BASE])
    await here.add([BASE])
    expect(await here.refresh(1001)).toEqual([])
    expect(there.find('todo0', ID_JAG)).toBeUndefined()
    expect(await there.refresh(1001)).toEqual([BASE])
    expect(await there.refresh(1001)).toEqual([])
    expect(there.find('todo0', ID_JAG)).toBe('set-1')
    await there.forgetExpired(1401)
    expect(there.find('todo0', ID_JAG)).toBeUndefined()
    expect(await store.listAfter(0)).toHaveLength(1)
    await there.forgetExpired(5001)
    expect(await store.listAfter(0)).toEqual([])
  })
})

describe('a revocation of sign-ins', () => {
  it('ends sign-ins and codes, and no ID-JAGs', async () => {
    const revocations = createReceivedRevocations(createStore())
    await revocations.add([{ ...BASE, subject: 'alice', onlySignIns: true }])
    expect(revocations.find('todo0', ID_JAG)).toBeUndefined()
    expect(revocations.findOfSignIn('todo0', ID_JAG)).toBe('set-1')
    expect(revocations.findOfSignIn('todo0', { ...ID_JAG, sub: 'bob' })).toBeUndefined()
    await revocations.add([{ ...BASE, subject: 'alice' }])
    expect(revocations.find('todo0', ID_JAG)).toBe('set-1')
  })
})

describe('REV-05: revocations of the same user', () => {
  const first = { ...BASE, subject: 'alice', clientId: 'agent0', expiresAt: 1100 }
  const second = { ...BASE, id: 'set-2', subject: 'alice', clientId: 'agent1' }
  const findBoth = ({ find: findOne }: ReceivedRevocations) =>
    ['agent0', 'agent1'].map((client_id) => findOne('todo0', { ...ID_JAG, client_id }))

  it('are all in force, each until its own end', async () => {
    const revocations = createReceivedRevocations(createStore())
    await revocations.add([first])
    await revocations.add([second])
    expect(findBoth(revocations)).toEqual(['set-1', 'set-2'])
    await revocations.forgetExpired(1100)
    expect(findBoth(revocations)).toEqual(['set-1', 'set-2'])
    await revocations.forgetExpired(1101)
    expect(findBoth(revocations)).toEqual([undefined, 'set-2'])
  })
})

describe('REV-05: a revocation that another process received', () => {
  it.each([
    [1400, 'set-1'],
    [1401, undefined],
  ])('is in force at its last moment: at %i it is %s', async (now, expected) => {
    const store = createStore()
    await store.add([BASE])
    const [late, early] = [createReceivedRevocations(store), createReceivedRevocations(store)]
    await late.refresh(now)
    expect(late.find('todo0', ID_JAG)).toBe(expected)
    await early.refresh(1001)
    await early.forgetExpired(now)
    expect(early.find('todo0', ID_JAG)).toBe(expected)
  })

  it('is found once, after those that were found before', async () => {
    const store = createStore()
    const revocations = createReceivedRevocations(store)
    await store.add([BASE])
    expect(await revocations.refresh(1001)).toEqual([BASE])
    const next = { ...BASE, id: 'set-2', subject: 'bob' }
    await store.add([next])
    expect(await revocations.refresh(1001)).toEqual([next])
    expect(await revocations.refresh(1001)).toEqual([])
  })
})

describe('REV-05: a repeated event', () => {
  const NEWER = { ...ID_JAG, iat: 1030 }
  const again = { ...BASE, issuedUntil: 1060, expiresAt: 1460 }

  it.each<[string, (store: ReceivedRevocationStore) => Promise<ReceivedRevocations>]>([
    ['here', async (store) => start(store)],
    ['to another process', async (store) => (await start(store), createReceivedRevocations(store))],
    ['after a restart', async (store) => (await start(store), await restart(store, 1100))],
    [
      'long after its ID-JAGs have expired',
      async (store) => (await start(store), await restart(store, 1401)),
    ],
  ])('%s keeps its original effect', async (_, open) => {
    const store = createStore()
    const revocations = await open(store)
    expect(await revocations.add([again])).toEqual([BASE])
    expect(revocations.find('todo0', ID_JAG)).toBe('set-1')
    expect(revocations.find('todo0', NEWER)).toBeUndefined()
    expect(await store.listAfter(0)).toHaveLength(1)
  })

  it('is a different event if it has another user or another id', async () => {
    const revocations = await start(createStore())
    const others = [
      { ...again, id: 'set-2' },
      { ...again, subject: 'alice' },
      { ...again, authorizationServer: 'notes0' },
    ]
    expect(await revocations.add(others)).toEqual(others)
    expect(revocations.find('todo0', NEWER)).toBeDefined()
  })

  it.each<[string, Partial<ReceivedRevocation>, Partial<ReceivedRevocation>]>([
    ['other resources', { resources: ['https://x.test/'] }, { resources: ['https://todo.test/mcp'] }],
    ['access tokens too', { onlyIdJags: true, issuedUntil: 900 }, {}],
  ])('may have a second revocation of the same user, for %s', async (_, first, second) => {
    const both = [
      { ...BASE, ...first },
      { ...BASE, ...second },
    ]
    const revocations = createReceivedRevocations(createStore())
    expect(await revocations.add(both)).toEqual(both)
    expect(revocations.find('todo0', ID_JAG)).toBe('set-1')
  })

  it('keeps the effect of its first receipt if two processes have stored it at the same time', async () => {
    const store = createStore()
    await store.add([BASE, again])
    const revocations = createReceivedRevocations(store)
    expect(await revocations.add([{ ...again, issuedUntil: 1090 }])).toEqual([BASE])
    expect(revocations.find('todo0', NEWER)).toBeUndefined()
  })

  it('is stored at the second attempt if the database failed at the first', async () => {
    const store = createStore()
    let fails = true
    const add = async (rows: readonly ReceivedRevocation[]) => {
      if (fails) throw new Error('no database')
      await store.add(rows)
    }
    const revocations = createReceivedRevocations({ ...store, add })
    await expect(revocations.add([BASE])).rejects.toThrow('no database')
    fails = false
    expect(await revocations.add([again])).toEqual([BASE])
    expect(await store.listAfter(0)).toMatchObject([BASE])
  })

  async function start(store: ReceivedRevocationStore): Promise<ReceivedRevocations> {
    const revocations = createReceivedRevocations(store)
    await revocations.add([BASE])
    return revocations
  }

  async function restart(store: ReceivedRevocationStore, now: number): Promise<ReceivedRevocations> {
    const revocations = createReceivedRevocations(store)
    await revocations.refresh(now)
    return revocations
  }
})

it('of a local account covers the ID-JAGs that lead to it, and no others', async () => {
  const revocations = createReceivedRevocations(createStore())
  await revocations.add([{ ...BASE, accountId: 'acc-1' }])
  expect(revocations.find('todo0', ID_JAG, 'acc-1')).toBe('set-1')
  expect(revocations.find('todo0', { ...ID_JAG, iat: 1001 }, 'acc-1')).toBeUndefined()
  expect(revocations.find('todo0', ID_JAG, 'acc-2')).toBeUndefined()
  expect(revocations.find('todo0', ID_JAG)).toBeUndefined()
  expect(await find({})).toBe('set-1')
})

it.each([
  ['immediately', 100, 100.2, 100.999],
  ['a little later', 100, 102, 102.25],
  ['long after', 100, 900, 160],
  ['before it happened, by a slow clock', 100, 90, 100.999],
])('the latest affected issue time of an event received %s', (_, happenedAt, receivedAt, until) => {
  expect(findIssuedUntil(happenedAt, receivedAt)).toBe(until)
})
