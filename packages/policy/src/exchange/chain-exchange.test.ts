// An access token as subject token: each fault of the token or of its chain, next to a valid case.
import { type Chain, type ConnectionDefinition, zApp, zConnection } from '@crosswalk/protocol'
import { describe, expect, it } from 'vitest'

import { evaluateExchange } from '../evaluate-exchange.ts'
import type { AccessTokenFact, ExchangeFacts } from '../exchange-facts.ts'
import type { ExchangeDefinitions, ExchangeSnapshot } from '../exchange-snapshot.ts'
import { renderTime } from '../moment.ts'
import { findNearestAllow } from '../simulation/find-nearest-allow.ts'
import {
  AUDIENCE,
  DEFINITIONS,
  ISSUER,
  makeFacts,
  makeSnapshot,
  NOTES_RESOURCE,
  NOW_SECONDS,
  TODO_RESOURCE,
} from '../testing/exchange-world.ts'
import { renderRecords } from '../testing/render-records.ts'

const API = zApp.parse({
  ...{ id: 'todo0-api', name: 'API of Todo0', kind: 'service', serviceOf: 'todo0' },
  ...{ auth: { method: 'client_secret_basic', secret: 's' }, assignments: { everyone: true } },
})
const ONWARD = zConnection.parse({
  ...{ id: 'todo0-notes0', app: API.id, resourceApp: 'notes0', clientId: 'todo0-there', status: 'active' },
  ...{ resources: [NOTES_RESOURCE], scopes: ['notes.read', 'notes.write'], assignments: { everyone: true } },
  delegation: { scopes: { 'notes.read': ['todos.read'], 'notes.write': ['todos.write'] } },
})
const HOP = { app: 'agent0', resource_app: 'todo0', connection: 'agent0-todo0' }
const CHAIN: Chain = { hops: [HOP], scope: ['todos.read'], expires_at: NOW_SECONDS + 100 }
const TOKEN: AccessTokenFact = {
  ...{
    id: 'token',
    authorizationServer: 'vendor',
    state: 'live',
    issuer: AUDIENCE,
    audience: [TODO_RESOURCE],
  },
  ...{ issuedAt: NOW_SECONDS - 10, chain: CHAIN },
}

/** A connection that allows authorization details to requests without a chain. */
const WITH_DETAILS: Given = {
  connection: { authorizationDetailsTypes: ['note'] },
  world: {
    resourceApps: DEFINITIONS.resourceApps.map((app) => ({ ...app, authorizationDetailsTypes: ['note'] })),
  },
}

interface Given {
  readonly token?: Partial<AccessTokenFact> | null
  readonly chain?: Partial<Chain>
  readonly facts?: Partial<ExchangeFacts>
  readonly scope?: string
  readonly details?: string
  readonly api?: Partial<typeof API>
  readonly connection?: Partial<ConnectionDefinition>
  readonly world?: Partial<ExchangeDefinitions>
}

function evaluate({ token = {}, chain, facts, scope, details, api, connection, world }: Given = {}) {
  const snapshot: ExchangeSnapshot = makeSnapshot({
    apps: [...DEFINITIONS.apps, { ...API, ...api }],
    connections: [...DEFINITIONS.connections, { ...ONWARD, ...connection }],
    ...world,
  })
  const given = makeFacts({
    client: { state: 'authenticated', clientId: API.id, method: 'client_secret_basic' },
    ask: {
      resource: [NOTES_RESOURCE],
      subjectTokenType: 'urn:ietf:params:oauth:token-type:access_token',
      ...(scope === undefined ? {} : { scope }),
      ...(details === undefined ? {} : { authorizationDetails: details }),
    },
    subject: {
      kind: 'access_token',
      token: token === null ? undefined : { ...TOKEN, ...token, chain: { ...CHAIN, ...chain } },
      signIn: { userId: 'usr_alice', session: 'digest' },
    },
    ...facts,
  })
  const record = evaluateExchange(given, snapshot)
  return { record, remedies: findNearestAllow(record, given, snapshot) }
}

const act = (sub: string, profile: string, before?: object) => ({
  ...{ iss: ISSUER, sub, sub_profile: profile },
  ...(before === undefined ? {} : { act: before }),
})

describe('an access token', () => {
  it('yields an ID-JAG for its user that names both apps, and ends with it', () => {
    const { record } = evaluate()
    expect(record).toMatchObject({
      outcome: 'allow',
      request: { subject: { ref: 'usr_alice', token_type: 'access_token', chain: CHAIN } },
      granted: {
        scope: ['notes.read'],
        lifetime_seconds: 100,
        session_expiry: NOW_SECONDS + 100,
        act: act('todo0-api', 'service', act('agent0', 'ai_agent')),
      },
      narrowed: [{ scope: 'notes.write', by: 'delegation of todo0-notes0', code: 'XAA1607' }],
    })
  })

  const refused: readonly (readonly [string, Given, string, string])[] = [
    ['of an unknown server', { token: null }, 'XAA1217', 'subject_token.access_token'],
    ['that expired', { token: { state: 'expired' } }, 'XAA1217', 'subject_token.access_token'],
    ['that is revoked', { token: { state: 'revoked' } }, 'XAA1217', 'subject_token.access_token'],
    ['of another issuer', { token: { issuer: 'https://other.test' } }, 'XAA1218', 'subject_token.audience'],
    ['for another resource', { token: { audience: [NOTES_RESOURCE] } }, 'XAA1218', 'subject_token.audience'],
    [
      'for several resources, one of another app',
      { token: { audience: [TODO_RESOURCE, NOTES_RESOURCE] } },
      'XAA1218',
      'subject_token.audience',
    ],
    ['for no resource', { token: { audience: [] } }, 'XAA1218', 'subject_token.audience'],
    [
      'at an app that is not an API',
      { api: { serviceOf: undefined }, world: {} },
      'XAA1003',
      'request.subject_token_type',
    ],
    [
      'at the API of another resource app',
      { api: { serviceOf: 'notes0' } },
      'XAA1218',
      'subject_token.audience',
    ],
    [
      'at a public client',
      {
        facts: {
          client: { state: 'authenticated', clientId: API.id, method: 'none' },
          dpop: { state: 'proved', jkt: 'k' },
        },
      },
      'XAA1103',
      'subject_token.audience',
    ],
    ['bound, without a proof', { token: { jkt: 'k' } }, 'XAA1219', 'subject_token.key'],
    [
      'bound, with another proof',
      { token: { jkt: 'k' }, facts: { dpop: { state: 'proved', jkt: 'other' } } },
      'XAA1219',
      'subject_token.key',
    ],
    [
      'over a connection for users',
      { connection: { delegation: undefined } },
      'XAA1409',
      'connection.delegation',
    ],
    ['of a chain too long', { chain: { hops: [HOP, HOP] } }, 'XAA1409', 'connection.delegation'],
    ['without the scope', { scope: 'notes.write' }, 'XAA1607', 'scope.granted'],
    [
      'with authorization details, even of a type that the connection has',
      { ...WITH_DETAILS, details: '[{"type":"note"}]' },
      'XAA1308',
      'authorization_details',
    ],
    [
      'older than the app may bring',
      { api: { maxSubjectTokenAgeSeconds: 9 } },
      'XAA1204',
      'subject_token.age',
    ],
  ]
  it.each(refused)('%s is refused', (_, given, code, check) => {
    const { record } = evaluate(given)
    expect(record.checks.find(({ result }) => result === 'fail')).toMatchObject({ id: check, code })
    expect(record.outcome).toBe('deny')
  })

  const accepted: readonly (readonly [string, Given])[] = [
    ['bound, with its proof', { token: { jkt: 'k' }, facts: { dpop: { state: 'proved', jkt: 'k' } } }],
    [
      'of a chain of the maximum length',
      {
        chain: { hops: [HOP, HOP] },
        connection: { delegation: { maxDepth: 2, scopes: { 'notes.read': ['todos.read'] } } },
      },
    ],
    ['as old as the app may bring', { api: { maxSubjectTokenAgeSeconds: 10 } }],
    ['over a connection that has types of authorization details', WITH_DETAILS],
    ['with another scope that allows it', { chain: { scope: ['todos.write'] }, scope: 'notes.write' }],
  ]
  it.each(accepted)('%s is accepted', (_, given) => {
    expect(evaluate(given).record.outcome).toBe('allow')
  })

  it('has a record that says why', async ({ expect }) => {
    const records = [...accepted, ...refused].map(
      ([title, given]) => [title, evaluate(given).record] as const,
    )
    const text = renderRecords(evaluate().record, records)
    await expect(text).toMatchFileSnapshot('../testing/chain-records.txt')
  })

  it('keeps the actor in the token, and names no app twice', () => {
    const planner = { act: act('planner', 'service') }
    expect(evaluate({ chain: planner }).record.granted?.act).toEqual(
      act('todo0-api', 'service', act('agent0', 'ai_agent', planner.act)),
    )
    const named = { act: act('agent0', 'ai_agent') }
    expect(evaluate({ chain: named }).record.granted?.act).toEqual(
      act('todo0-api', 'service', act('agent0', 'ai_agent')),
    )
    // An app that only another issuer names is not the one that we know.
    const ofOther = { act: { ...named.act, iss: 'https://other.test' } }
    expect(evaluate({ chain: ofOther }).record.granted?.act).toEqual(
      act('todo0-api', 'service', act('agent0', 'ai_agent', ofOther.act)),
    )
  })
})

describe('an earlier app', () => {
  const [agent, ...apps] = DEFINITIONS.apps
  const [first, ...connections] = DEFINITIONS.connections
  if (agent === undefined || first === undefined) throw new Error('the world has an agent')
  const withFirst = (change: Partial<typeof first>) => ({
    connections: [{ ...first, ...change }, ...connections, ONWARD],
  })
  const block = (kind: 'app' | 'connection', target: string) => ({
    blocks: [{ id: 'b', kind, target, by: 'x' }],
  })

  it.each<readonly [string, Partial<ExchangeDefinitions>, string]>([
    ['that is disabled', { apps: [{ ...agent, active: false }, ...apps, API] }, 'agent0'],
    ['that is blocked', block('app', 'agent0'), 'b'],
    [
      'whose resource app is disabled',
      { resourceApps: DEFINITIONS.resourceApps.map((app) => ({ ...app, active: app.id !== 'todo0' })) },
      'todo0',
    ],
    ['whose connection is blocked', block('connection', 'agent0-todo0'), 'b'],
    ['whose connection is suspended', withFirst({ status: 'suspended' }), 'agent0-todo0'],
    ['whose connection has ended', withFirst({ expiresAt: renderTime(NOW_SECONDS * 1000) }), 'agent0-todo0'],
    [
      'whose connection has not started',
      withFirst({ notBefore: renderTime((NOW_SECONDS + 1) * 1000) }),
      'agent0-todo0',
    ],
    [
      'whose connection is outside its time window',
      withFirst({ conditions: { ...first.conditions, window: 'Mon-Fri 09:00-10:00 UTC' } }),
      'agent0-todo0',
    ],
    [
      'whose connection is on hold',
      { holds: new Map([['agent0-todo0', { state: 'suspended', by: 'x', since: '2026-01-01T00:00:00Z' }]]) },
      'agent0-todo0',
    ],
  ])('%s stops the apps after it until it is restored', (_, world, ref) => {
    const { record, remedies } = evaluate({ world })
    expect(record.checks.find(({ id }) => id === 'subject_token.chain')).toMatchObject({
      code: 'XAA1220',
      ref,
    })
    expect(record.code).toBe('XAA1220')
    expect(remedies[0]?.verified).toMatch(/^re-evaluated: allow/)
  })

  it('with a connection in its period and time window lets the apps after it continue', () => {
    const world = withFirst({
      notBefore: renderTime(NOW_SECONDS * 1000),
      expiresAt: renderTime((NOW_SECONDS + 1) * 1000),
      conditions: { ...first.conditions, window: 'Mon-Fri 08:00-09:00 UTC' },
    })
    expect(evaluate({ world }).record.outcome).toBe('allow')
  })

  it('stops the apps after it wherever it is in the chain', () => {
    const connection = { delegation: { maxDepth: 2, scopes: { 'notes.read': ['todos.read'] } } }
    const withEarlier = (id: string) => ({
      chain: { hops: [{ app: 'agent0', resource_app: 'notes0', connection: id }, HOP] },
      connection,
    })
    expect(evaluate(withEarlier('agent0-notes0')).record.outcome).toBe('allow')
    const { checks } = evaluate(withEarlier('removed')).record
    expect(checks.filter(({ result }) => result === 'fail')).toMatchObject([
      { id: 'subject_token.chain', code: 'XAA1220', ref: 'removed' },
    ])
  })

  it('with a removed connection stops the apps after it permanently', () => {
    const { record } = evaluate({ world: { connections: [...connections, ONWARD] } })
    expect(record.code).toBe('XAA1220')
  })
})

describe('what would allow it', () => {
  it.each<readonly [string, Given, RegExp]>([
    [
      'a delegation',
      { connection: { delegation: undefined }, scope: 'notes.read' },
      /"maxDepth":1.*notes\.read.*todos\.read/,
    ],
    ['a longer chain', { chain: { hops: [HOP, HOP] } }, /"maxDepth":2/],
    ['a scope', { scope: 'notes.write' }, /"notes\.write":\["todos\.write","todos\.read"\]/],
  ])('is %s', (_, given, patch) => {
    expect(evaluate(given).remedies[0]).toMatchObject({
      owner: 'administrator',
      api: expect.stringMatching(patch),
      verified: 're-evaluated: allow (notes.read)'.replace(
        'read',
        given.scope === 'notes.write' ? 'write' : 'read',
      ),
    })
  })
})
