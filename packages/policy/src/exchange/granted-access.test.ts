// Access grants: what they give one user over one connection, that other users get nothing, and both edges of their
// end.
import { zConnection, zResourceApp } from '@crosswalk/protocol'
import { describe, expect, it } from 'vitest'

import type { AccessGrant } from '../access-grants.ts'
import { evaluateExchange } from '../evaluate-exchange.ts'
import { findAccessEnd } from './granted-access.ts'
import {
  AUDIENCE,
  DEFINITIONS,
  idTokenOf,
  makeFacts,
  makeSnapshot,
  NOW_SECONDS,
  USERS,
  TODO_RESOURCE,
} from '../testing/exchange-world.ts'

const engineering = { everyone: false, users: [], groups: ['engineering'] }
const EVERYONE = { assignments: { everyone: true, users: [], groups: [] } }
const GRANT: AccessGrant = {
  id: 'acg_1',
  connection: 'agent0-todo0',
  user: 'usr_bob',
  scopes: ['todos.read'],
}
const READ = { description: 'Read', tools: [] }
const NEEDS_APPROVAL = { scopeMeanings: { 'todos.read': { ...READ, needsApproval: true } } }
const at = (seconds: number) => new Date((NOW_SECONDS + seconds) * 1000).toISOString()

interface Case {
  readonly grants?: readonly Partial<AccessGrant>[]
  readonly who?: 'alice' | 'bob'
  readonly scope?: string
  readonly afterMs?: number
  readonly connection?: object
  readonly resourceApp?: object
  readonly app?: object
  readonly details?: string
}

function decide({ grants = [{}], who = 'bob', ...given }: Case = {}) {
  const user = USERS[who]
  if (user === undefined) throw new Error(`no user is called ${who}`)
  const world = makeSnapshot({
    // Connection and resource app both exclude sales.
    resourceApps: DEFINITIONS.resourceApps.map((one) =>
      zResourceApp.parse({ ...one, assignments: engineering, ...given.resourceApp }),
    ),
    connections: DEFINITIONS.connections.map((one) => zConnection.parse({ ...one, ...given.connection })),
    apps: DEFINITIONS.apps.map((one) => ({ ...one, ...given.app })),
    accessGrants: grants.map((grant) => ({ ...GRANT, ...grant })),
  })
  const facts = makeFacts({
    nowMs: NOW_SECONDS * 1000 + (given.afterMs ?? 0),
    user,
    subject: idTokenOf(user),
  })
  const request = {
    ...facts.request,
    audience: [AUDIENCE],
    resource: [TODO_RESOURCE],
    scope: given.scope,
    ...(given.details === undefined ? {} : { authorizationDetails: given.details }),
  }
  return evaluateExchange({ ...facts, request }, world)
}

const scopesOf = (about: Case) => decide(about).granted?.scope ?? decide(about).code

describe('an access grant', () => {
  it('replaces the assignments of the connection and the resource app, and the record names it', () => {
    expect(decide({ grants: [] })).toMatchObject({ outcome: 'deny', code: 'XAA1502' })
    const record = decide()
    expect(record).toMatchObject({ outcome: 'allow', granted: { scope: ['todos.read'] } })
    const via = record.checks.filter(({ id }) => id.startsWith('people.')).map((one) => [one.id, one.via])
    expect(Object.fromEntries(via)).toMatchObject({
      'people.app_assignment': 'everyone',
      'people.resource_app_assignment': 'access-grant:acg_1',
      'people.connection': 'access-grant:acg_1',
    })
  })

  it.each<[string, Case, unknown]>([
    ['only its scopes, though the connection has more', {}, ['todos.read']],
    ['none of the others, even if requested', { scope: 'todos.write' }, 'XAA1602'],
    ['none of the others to a user of the connection only', { connection: EVERYONE }, ['todos.read']],
    ['none of the others to a user of the resource app only', { resourceApp: EVERYONE }, ['todos.read']],
    [
      'the scopes of several grants',
      { grants: [{}, { id: '2', scopes: ['todos.write'] }] },
      ['todos.read', 'todos.write'],
    ],
    ['a scope that the connection lacks', { connection: { scopes: [] } }, ['todos.read']],
    ['nothing beyond the catalogue', { grants: [{ scopes: ['todos.delete'] }] }, 'XAA1602'],
    ['nothing over another connection', { grants: [{ connection: 'agent0-notes0' }] }, 'XAA1502'],
    ['nothing from another user’s grant', { grants: [{ user: 'usr_alice' }] }, 'XAA1502'],
    ['nothing through an app the user is not assigned to', { app: { assignments: engineering } }, 'XAA1501'],
    ['nothing over a suspended connection', { connection: { status: 'suspended' } }, 'XAA1403'],
  ])('gives %s', (_, about, expected) => expect(scopesOf(about)).toEqual(expected))

  it.each<[string, Case, string]>([
    ['of a user without other access', {}, 'access grant acg_1'],
    ['with others', { grants: [{}, { id: 'acg_2' }] }, 'access grants acg_1, acg_2'],
    [
      'of an assigned user',
      { who: 'alice', grants: [{ user: 'usr_alice' }], connection: { scopes: ['todos.read'] } },
      'scopes of agent0-todo0',
    ],
  ])('%s is named as what narrowed a request only if it did', (_, about, by) =>
    expect(decide({ ...about, scope: 'todos.read todos.write' }).narrowed).toEqual([
      { scope: 'todos.write', by, code: 'XAA1603' },
    ]),
  )

  it('adds to the access of an assigned user, and changes nothing for other users', () => {
    const read = { connection: { scopes: ['todos.read'] }, who: 'alice' } as const
    const own = { user: 'usr_alice', scopes: ['todos.write'] }
    expect(scopesOf({ ...read, grants: [own] })).toEqual(['todos.read', 'todos.write'])
    expect(scopesOf({ ...read, grants: [{ ...own, user: 'usr_bob' }] })).toEqual(['todos.read'])
  })

  it('grants no authorization details of the connection', () => {
    const details = '[{"type":"todo_list"}]'
    expect(decide({ details, who: 'alice' }).outcome).toBe('allow')
    expect(decide({ details }).checks).toContainEqual(
      expect.objectContaining({ id: 'authorization_details', code: 'XAA1308' }),
    )
  })

  it('approves a scope that needs approval for this user, with the meaning it had then', () => {
    const meaning = { description: 'Read', tools: [] }
    const about = {
      resourceApp: { scopeMeanings: { 'todos.read': { ...meaning, needsApproval: true } } },
      scope: 'todos.read',
    }
    expect(scopesOf({ ...about, who: 'alice' })).toBe('XAA1604')
    expect(scopesOf(about)).toBe('XAA1604')
    expect(scopesOf({ ...about, grants: [{ meanings: { 'todos.read': meaning } }] })).toEqual(['todos.read'])
    const other = { 'todos.read': { ...meaning, description: 'Read and share' } }
    expect(scopesOf({ ...about, grants: [{ meanings: other }] })).toBe('XAA1604')
  })
})

describe('the end of an access grant', () => {
  it.each<[string, Case, unknown]>([
    ['allows until its last millisecond', { grants: [{ until: at(1) }], afterMs: 999 }, 'allow'],
    ['denies from its end on', { grants: [{ until: at(1) }], afterMs: 1000 }, 'deny'],
  ])('%s', (_, about, outcome) => expect(decide(about).outcome).toBe(outcome))

  const meaning = { description: 'Read', tools: [] }
  const approval = { user: 'usr_alice', meanings: { 'todos.read': meaning } }
  const guarded: Pick<Case, 'who' | 'scope' | 'resourceApp'> = {
    who: 'alice',
    scope: 'todos.read',
    resourceApp: { scopeMeanings: { 'todos.read': { ...meaning, needsApproval: true } } },
  }

  it.each<[string, Case, number, number | undefined]>([
    [
      'shortens the ID-JAG of an assigned user whose scope it approves',
      { ...guarded, grants: [{ ...approval, until: at(60) }] },
      60,
      60,
    ],
    [
      'counts though another grant of the scope approves an earlier meaning',
      {
        ...guarded,
        grants: [
          { ...approval, until: at(60) },
          { ...approval, id: '2', meanings: { 'todos.read': { ...meaning, description: 'Look' } } },
        ],
      },
      60,
      60,
    ],
    ['leaves the ID-JAG as configured if it ends later', { grants: [{ until: at(300) }] }, 300, 300],
    ['shortens the ID-JAG if it ends a second before it', { grants: [{ until: at(299) }] }, 299, 299],
    [
      'is the earliest of several necessary grants',
      { grants: [{ until: at(90) }, { id: '2', scopes: ['todos.write'], until: at(60) }] },
      60,
      60,
    ],
    [
      'is the latest of several grants of the same scope',
      { grants: [{ until: at(60) }, { id: '2', until: at(90) }] },
      90,
      90,
    ],
    [
      'does not matter if another grant has no end',
      { grants: [{ until: at(60) }, { id: '2' }] },
      300,
      undefined,
    ],
    [
      'does not matter if the scope comes from elsewhere',
      { grants: [{ until: at(60), user: 'usr_alice' }], who: 'alice' },
      300,
      undefined,
    ],
    [
      'limits a scope of the connection that only the grant approves',
      {
        ...{ who: 'alice', scope: 'todos.read', resourceApp: NEEDS_APPROVAL },
        grants: [{ user: 'usr_alice', until: at(60), meanings: { 'todos.read': READ } }],
      },
      60,
      60,
    ],
    [
      'counts only of grants that approve the current meaning',
      {
        ...{ scope: 'todos.read', resourceApp: NEEDS_APPROVAL },
        grants: [
          { meanings: { 'todos.read': { ...READ, description: 'Read less' } } },
          { id: '2', until: at(60), meanings: { 'todos.read': READ } },
        ],
      },
      60,
      60,
    ],
    [
      'is that of the connection if it ends first',
      { grants: [{ until: at(90) }], connection: { expiresAt: at(60) } },
      60,
      60,
    ],
  ])('%s', (_, about, seconds, expiry) => {
    const { granted } = decide(about)
    expect(granted).toMatchObject({ lifetime_seconds: seconds })
    expect(granted?.session_expiry).toBe(expiry === undefined ? undefined : NOW_SECONDS + expiry)
  })
})

describe('the end of access', () => {
  const grant = (id: string, scopes: readonly string[], endsAt: number | undefined) => ({
    ...{ id, connection: 'agent0-todo0', user: 'usr_bob', scopes },
    endsAt,
  })
  const findEnd = (...grants: readonly ReturnType<typeof grant>[]) =>
    findAccessEnd({ access: { grants, assignedScopes: ['kept'], approvals: undefined } }, [
      ...['kept', 'read', 'write'],
    ])
  it.each([
    ['is that of the scope that ends first', [grant('1', ['read'], 60), grant('2', ['write'], 90)], '1'],
    ['does not depend on their order', [grant('2', ['write'], 60), grant('1', ['read'], 90)], '2'],
    ['is that of the last grant of a scope', [grant('1', ['read'], 90), grant('2', ['read'], 60)], '1'],
    [
      'does not exist if one grant of a scope has no end',
      [grant('1', ['read'], undefined), grant('2', ['read'], 60)],
      undefined,
    ],
  ])('%s', (_, grants, id) => expect(findEnd(...grants)?.grant).toBe(id))
})
