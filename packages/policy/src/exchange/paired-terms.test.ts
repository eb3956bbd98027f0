// Two sources of one requirement or limit: the stricter one applies, whichever source it comes from. Property tests
// rarely generate these pairs, so they are listed.
import { type PolicyDefinition, zPolicy } from '@crosswalk/protocol'
import { describe, expect, it } from 'vitest'

import { evaluateExchange } from '../evaluate-exchange.ts'
import type { ExchangeDefinitions } from '../exchange-snapshot.ts'
import {
  AUDIENCE,
  idTokenOf,
  makeFacts,
  makeSnapshot,
  NOTES_RESOURCE,
  NOW_SECONDS,
  USERS,
  TODO_RESOURCE,
  withConnection,
  withResourceApp,
} from '../testing/exchange-world.ts'

const { alice } = USERS
if (alice === undefined) throw new Error('the test company employs alice')

const SETTINGS = { acrValues: ['mfa', 'hwk'] }

interface Terms {
  /** Conditions of the connection */
  readonly connection?: object
  /** What each rule requires */
  readonly rules?: readonly object[]
}

function decide(
  { connection = {}, rules = [] }: Terms,
  { authAge = 0, acr = undefined as string | undefined },
) {
  const policies: PolicyDefinition[] = rules.map((require, at) =>
    zPolicy.parse({ id: `rule-${at}`, when: {}, effect: 'require', require }),
  )
  const authTime = NOW_SECONDS - authAge
  const signedIn = { auth_time: authTime, ...(acr === undefined ? {} : { acr }) }
  const subject = idTokenOf(alice as NonNullable<typeof alice>, signedIn)
  if (subject.kind !== 'id_token') throw new TypeError('an ID token')
  const session = { userId: 'usr_alice', authTime, ...(acr === undefined ? {} : { acr }) }
  return evaluateExchange(
    makeFacts({ subject: { ...subject, session } }),
    makeSnapshot(
      { ...withConnection({ conditions: { dpop: 'optional', ...connection } }), policies },
      SETTINGS,
    ),
  )
}

const stepUpTo = (wire: object) => ({
  outcome: 'step_up',
  code: 'XAA1801',
  wire: expect.objectContaining(wire) as unknown,
})

describe('the shorter of two maximum sign-in ages applies', () => {
  it.each<[string, Terms]>([
    [
      'a connection with 30 s, a rule with 3600 s',
      { connection: { maxAuthAgeSeconds: 30 }, rules: [{ maxAuthAgeSeconds: 3600 }] },
    ],
    [
      'a connection with 3600 s, a rule with 30 s',
      { connection: { maxAuthAgeSeconds: 3600 }, rules: [{ maxAuthAgeSeconds: 30 }] },
    ],
    ['rules with 30 s and 3600 s', { rules: [{ maxAuthAgeSeconds: 30 }, { maxAuthAgeSeconds: 3600 }] }],
    ['rules with 3600 s and 30 s', { rules: [{ maxAuthAgeSeconds: 3600 }, { maxAuthAgeSeconds: 30 }] }],
  ])('%s', (_, terms) => {
    expect(decide(terms, { authAge: 30 })).toMatchObject({ outcome: 'allow' })
    expect(decide(terms, { authAge: 31 })).toMatchObject(stepUpTo({ max_age: 30 }))
  })
})

describe('of two lists of authentication contexts, only those in both are accepted', () => {
  const both: readonly [string, Terms][] = [
    [
      'a connection with mfa or hwk, a rule with hwk',
      { connection: { acr: ['mfa', 'hwk'] }, rules: [{ acr: ['hwk'] }] },
    ],
    [
      'a connection with hwk, a rule with mfa or hwk',
      { connection: { acr: ['hwk'] }, rules: [{ acr: ['mfa', 'hwk'] }] },
    ],
    ['rules with mfa or hwk, and hwk', { rules: [{ acr: ['mfa', 'hwk'] }, { acr: ['hwk'] }] }],
    ['rules with hwk, and mfa or hwk', { rules: [{ acr: ['hwk'] }, { acr: ['mfa', 'hwk'] }] }],
  ]
  it.each(both)('%s', (_, terms) => {
    expect(decide(terms, { acr: 'hwk' })).toMatchObject({ outcome: 'allow' })
    expect(decide(terms, { acr: 'mfa' })).toMatchObject(stepUpTo({ acr_values: 'hwk' }))
    expect(decide(terms, {})).toMatchObject(stepUpTo({ acr_values: 'hwk' }))
  })

  it.each<[string, Terms]>([
    ['a connection with mfa, a rule with hwk', { connection: { acr: ['mfa'] }, rules: [{ acr: ['hwk'] }] }],
    ['rules with mfa, and hwk', { rules: [{ acr: ['mfa'] }, { acr: ['hwk'] }] }],
  ])('denies if no context satisfies both: %s', (_, terms) => {
    for (const acr of ['mfa', 'hwk', undefined])
      expect(decide(terms, { acr })).toMatchObject({ outcome: 'deny', code: 'XAA1702' })
  })
})

describe('age and context are both required, whichever source requires them', () => {
  it.each<[string, Terms]>([
    [
      'age of the connection, context of a rule',
      { connection: { maxAuthAgeSeconds: 30 }, rules: [{ acr: ['mfa'] }] },
    ],
    [
      'context of the connection, age of a rule',
      { connection: { acr: ['mfa'] }, rules: [{ maxAuthAgeSeconds: 30 }] },
    ],
    ['age of one rule, context of another', { rules: [{ maxAuthAgeSeconds: 30 }, { acr: ['mfa'] }] }],
  ])('%s', (_, terms) => {
    expect(decide(terms, { authAge: 30, acr: 'mfa' })).toMatchObject({ outcome: 'allow' })
    expect(decide(terms, { authAge: 31, acr: 'mfa' })).toMatchObject(stepUpTo({ max_age: 30 }))
    expect(decide(terms, { authAge: 30, acr: 'hwk' })).toMatchObject(stepUpTo({ acr_values: 'mfa' }))
  })
})

describe('a proof of possession is required by either source', () => {
  it.each<[string, Terms]>([
    ['only the connection', { connection: { dpop: 'required' } }],
    ['only a rule', { rules: [{ dpop: true }] }],
    [
      'a rule, if the connection makes it optional',
      { connection: { dpop: 'optional' }, rules: [{ dpop: true }] },
    ],
    ['one rule of two', { rules: [{ acr: ['mfa'] }, { dpop: true }] }],
  ])('%s', (_, terms) => {
    expect(decide(terms, { acr: 'mfa' })).toMatchObject({ outcome: 'deny', code: 'XAA1007' })
  })
})

describe('a resource app with two resources', () => {
  const TASKS = 'https://todo.vendor.test/tasks'
  const world: Partial<ExchangeDefinitions> = {
    ...withResourceApp({
      resources: [
        { id: TODO_RESOURCE, scopes: ['todos.read'] },
        { id: TASKS, scopes: ['tasks.read'] },
      ],
    }),
    ...withConnection({ resources: [TODO_RESOURCE, TASKS], scopes: ['todos.read', 'tasks.read'] }),
  }
  const ask = (resource: readonly string[], scope?: string) =>
    evaluateExchange(
      makeFacts({
        ask: { audience: [AUDIENCE], resource: [...resource], ...(scope === undefined ? {} : { scope }) },
      }),
      makeSnapshot(world),
    )

  it.each<[string, readonly string[], readonly string[]]>([
    ['the first', [TODO_RESOURCE], ['todos.read']],
    ['the second', [TASKS], ['tasks.read']],
    ['both', [TODO_RESOURCE, TASKS], ['todos.read', 'tasks.read']],
  ])('grants only the scopes of the requested resource: %s', (_, resource, scope) => {
    const expected = { resource: [...resource], scope: [...scope] }
    expect(ask(resource).granted).toMatchObject(expected)
    expect(ask(resource, 'todos.read tasks.read').granted).toMatchObject(expected)
  })

  it.each<[string, readonly string[], string]>([
    ['of the second at the first', [TODO_RESOURCE], 'tasks.read'],
    ['of the first at the second', [TASKS], 'todos.read'],
  ])('denies a scope %s, because the catalogue does not have it', (_, resource, scope) => {
    expect(ask(resource, scope)).toMatchObject({ outcome: 'deny', code: 'XAA1601', granted: null })
  })

  it('does not grant a scope at a resource of another app behind the same issuer', () => {
    expect(ask([NOTES_RESOURCE], 'todos.read')).toMatchObject({ outcome: 'deny', code: 'XAA1601' })
    expect(ask([NOTES_RESOURCE], 'notes.read')).toMatchObject({ outcome: 'allow' })
  })
})

describe('a record names only the sources', () => {
  const limit = (id: string, limits: object) =>
    zPolicy.parse({ id, when: {}, effect: 'limit', limit: limits })
  const volumeLastHour = 20
  const limits = [
    limit('brief', { idJagTtlSeconds: 60 }),
    limit('few', { perHour: 20 }),
    limit('longer', { idJagTtlSeconds: 61, perHour: 21 }),
    limit('no-read', { scopes: ['todos.write'] }),
    limit('no-write', { scopes: ['todos.read'] }),
    limit('nothing', { scopes: [] }),
  ]

  it('of each limit', () => {
    const record = evaluateExchange(makeFacts({ volumeLastHour }), makeSnapshot({ policies: limits }))
    expect(record).toMatchObject({
      outcome: 'deny',
      code: 'XAA1602',
      narrowed: [
        { scope: 'todos.read', by: 'policy no-read, nothing', code: 'XAA1603' },
        { scope: 'todos.write', by: 'policy no-write, nothing', code: 'XAA1603' },
      ],
    })
    expect(record.checks).toContainEqual(expect.objectContaining({ id: 'policy.volume', ref: 'few' }))
    expect(record.checks).toContainEqual(
      expect.objectContaining({ id: 'granted.lifetime', via: 'policy brief' }),
    )
  })

  it.each<[string, string, Terms, { authAge?: number; acr?: string }, string]>([
    [
      'of the sign-in: both, if it meets neither',
      'stepup',
      { connection: { acr: ['mfa'] }, rules: [{ maxAuthAgeSeconds: 30 }, { maxAuthAgeSeconds: 31 }] },
      { authAge: 31 },
      'agent0-todo0, rule-0',
    ],
    [
      'of the sign-in: the rule alone, if the sign-in meets the conditions of the connection',
      'stepup',
      { connection: { acr: ['mfa', 'hwk'] }, rules: [{ dpop: false, acr: ['hwk'] }] },
      { acr: 'mfa' },
      'rule-0',
    ],
    [
      'of proof of possession',
      'dpop.required',
      { connection: { dpop: 'required' }, rules: [{ acr: ['mfa'] }, { dpop: true }] },
      { acr: 'mfa' },
      'agent0-todo0, rule-1',
    ],
  ])('%s', (_, id, terms, signIn, ref) => {
    expect(decide(terms, signIn).checks).toContainEqual(expect.objectContaining({ id, result: 'fail', ref }))
  })
})
