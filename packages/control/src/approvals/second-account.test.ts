// What a user who wants access did to the account that decides, before the request and after it.
import type { ConnectionDefinition } from '@crosswalk/protocol'
import type { ObjectRevision } from '@crosswalk/storage'
import { describe, expect, it } from 'vitest'

import type { Caller } from '../http/context.ts'
import type { SharedParts } from '../parts.ts'
import { findSecondAccount, findSecondDefiner, renderDeciderChange } from './second-account.ts'

const ASKED = 1000
const revision = (at: number, by: string, body?: object) => ({ at, by, body }) as ObjectRevision
const member = (at: number, by: string, ...members: readonly string[]) => revision(at, by, { members })

interface History {
  /** Newest first */
  readonly user?: readonly ObjectRevision[]
  readonly group?: readonly ObjectRevision[]
}

async function find({ user = [], group = [] }: History, of: readonly (string | undefined)[] = ['mallory']) {
  const known = new Map(['mallory', 'otto', 'rita'].map((id) => [id, { id, groups: [], active: true }]))
  const parts = {
    configuration: {
      admin: {
        roles: { owner: { users: ['otto'], groups: [] }, reviewer: { users: [], groups: ['reviewers'] } },
      },
    },
    directory: { current: () => ({ users: { findById: async (id: string) => known.get(id) } }) },
    storage: {
      objects: {
        history: async (collection: string, id: string) =>
          collection === 'users' && id === 'rita' ? user : id === 'reviewers' ? group : [],
      },
    },
  } as unknown as SharedParts
  const { since, shown } = await findSecondAccount(parts, { id: 'rita', role: 'reviewer' } as Caller, {
    of,
    at: ASKED,
  })
  return [since?.what, shown?.what]
}

const CREATED = { user: [revision(500, 'mallory', {})] }
const CHANGED = { user: [revision(1001, 'mallory', {}), revision(500, 'ada', {})] }

it.each<[string, History, (string | undefined)[]]>([
  ['did nothing', {}, [undefined, undefined]],
  ['created it before', CREATED, [undefined, 'created']],
  ['created it after', { user: [revision(1001, 'mallory', {})] }, ['created', 'created']],
  [
    'changed it at the moment of the request',
    { user: [revision(1000, 'mallory', {}), revision(1, 'ada', {})] },
    [undefined, 'changed'],
  ],
  ['changed it after', CHANGED, ['changed', 'changed']],
  [
    'changed it after creating it',
    { user: [revision(1001, 'mallory', {}), ...CREATED.user] },
    ['changed', 'created'],
  ],
  [
    'added it to a group with a role',
    { group: [member(1001, 'mallory', 'bob', 'rita'), member(1, 'ada', 'bob')] },
    ['joined', 'joined'],
  ],
  [
    'added it to such a group after changing it',
    {
      user: [revision(1001, 'mallory', {}), revision(1, 'ada', {})],
      group: [member(1002, 'mallory', 'bob', 'rita'), member(1, 'ada', 'bob')],
    },
    ['joined', 'joined'],
  ],
  [
    'added another to such a group',
    { group: [member(1001, 'mallory', 'rita', 'bob'), member(1, 'ada', 'rita')] },
    [undefined, undefined],
  ],
  [
    'was not the one who changed it',
    { user: [revision(1001, 'ada', {}), revision(1, 'ada', {})] },
    [undefined, undefined],
  ],
])('the requester %s', async (_, history, expected) => {
  expect(await find(history)).toEqual(expected)
})

it.each<[string, (string | undefined)[], string | undefined]>([
  ['either of two users who want it', ['bob', 'mallory'], 'changed'],
  ['a user who was removed since', ['gone'], 'changed'],
  ['an owner', ['otto'], undefined],
  ['the token of the configuration file', ['admin'], undefined],
  ['the deciding user', ['rita'], undefined],
  ['no user', [undefined], undefined],
])('a change by %s', async (_, of, since) => {
  const by = of.at(-1) ?? 'ada'
  const history = { user: [revision(1001, by, {}), revision(500, 'ada', {})] }
  expect(await find(history, of)).toEqual([since, since])
})

describe('a change by another account', () => {
  const histories: Record<string, readonly ObjectRevision[]> = {
    rita: [revision(1003, 'puppet', {})],
    puppet: [revision(1002, 'second', {}), revision(1, 'ada', {})],
    second: [revision(1001, 'mallory', {})],
  }
  const findIn = async (users: Record<string, readonly ObjectRevision[]>) => {
    const parts = {
      configuration: {},
      directory: { current: () => ({ users: { findById: async () => undefined } }) },
      storage: { objects: { history: async (_: string, id: string) => users[id] ?? [] } },
    } as unknown as SharedParts
    return (await findSecondAccount(parts, { id: 'rita' }, { of: ['mallory'], at: ASKED })).since
  }

  it('counts as theirs if they had taken that account over since the request, also in several steps', async () => {
    const since = await findIn(histories)
    expect(since?.by).toBe('puppet')
    expect(since && renderDeciderChange(since)).toBe(
      'mallory created second, who changed puppet, who created your account',
    )
  })

  it('counts as theirs if they took that account over at the moment of its change', async () => {
    const since = await findIn({ ...histories, second: [revision(1002, 'mallory', {})] })
    expect(since?.by).toBe('puppet')
  })

  it.each<[string, Record<string, readonly ObjectRevision[]>]>([
    ['they changed that account only afterwards', { second: [revision(1004, 'mallory', {})] }],
    ['they changed that account before the request', { second: [revision(1000, 'mallory', {})] }],
    ['others created that account', { second: [revision(1001, 'ada', {})] }],
    ['the accounts changed only each other', { second: [revision(1001, 'puppet', {})] }],
    [
      'the accounts changed each other at the same moment',
      { rita: [revision(1002, 'puppet', {})], second: [revision(1002, 'puppet', {})] },
    ],
  ])('does not if %s', async (_, change) => {
    expect(await findIn({ ...histories, ...change })).toBeUndefined()
  })
})

describe('deciding about a connection that another account defined', () => {
  const find = (connection: readonly ObjectRevision[]) => {
    const histories: Record<string, readonly ObjectRevision[]> = {
      connection,
      puppet: [revision(2000, 'rita', {})],
    }
    const parts = {
      configuration: {},
      directory: { current: () => ({ users: { findById: async () => undefined } }) },
      storage: { objects: { history: async (_: string, id: string) => histories[id] ?? [] } },
    } as unknown as SharedParts
    const definition = { id: 'connection' } as ConnectionDefinition
    const item = { definition, updatedBy: 'puppet', updatedAt: 3000 }
    return findSecondDefiner(parts, { id: 'rita' } as Caller, item)
  }
  const last = revision(3000, 'puppet', {})

  it('is refused to a user who had defined it before creating that account', async () => {
    expect(await find([last, revision(1000, 'rita', {})])).toBe(
      'rita created puppet, who defined this connection',
    )
  })

  it('is allowed to a user who created that account, but never defined the connection', async () => {
    expect(await find([last, revision(1000, 'ada', {})])).toBeUndefined()
  })
})
