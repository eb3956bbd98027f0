// A workload as subject, without a user: what it gets, and what keeps workloads and users apart.
import {
  type ConnectionDefinition,
  type ResourceAppDefinition,
  zApp,
  zConnection,
  zPolicy,
} from '@crosswalk/protocol'
import { describe, expect, it } from 'vitest'

import { evaluateExchange } from '../evaluate-exchange.ts'
import type { ExchangeFacts, SubjectFact } from '../exchange-facts.ts'
import { assume } from '../testing/assumed-exchange.ts'
import {
  DEFINITIONS,
  idTokenOf,
  ISSUER,
  makeFacts,
  makeSnapshot,
  NOW_SECONDS,
  USERS,
  TODO_RESOURCE,
} from '../testing/exchange-world.ts'
import { renderRecords } from '../testing/render-records.ts'
import { buildIdJagClaims } from './build-id-jag.ts'
import { describeWorkload } from './workload-checks.ts'

const REPORT = zApp.parse({
  ...{ id: 'report', name: 'Nightly report', kind: 'service' },
  auth: { method: 'private_key_jwt', jwksUri: 'https://report.test/jwks' },
})
const CONNECTION = zConnection.parse({
  ...{ id: 'report-todo0', app: 'report', resourceApp: 'todo0', clientId: 'report-there', status: 'active' },
  ...{ resources: [TODO_RESOURCE], scopes: ['todos.read'], subject: 'workload' },
})
const WORKLOAD = {
  kind: 'workload',
  isOwnAssertion: true,
  signIn: { userId: 'workload/report' },
} as const satisfies SubjectFact

interface Given {
  readonly subject?: SubjectFact
  readonly facts?: Partial<ExchangeFacts>
  readonly connection?: Partial<ConnectionDefinition>
  readonly resourceApp?: Partial<ResourceAppDefinition>
  readonly when?: Readonly<Record<string, string>>
  readonly app?: typeof REPORT
}

function prepare({ subject = WORKLOAD, facts, connection, resourceApp, when, app = REPORT }: Given) {
  const [todo, ...others] = DEFINITIONS.resourceApps
  if (todo === undefined) throw new Error('the world has a resource app')
  const snapshot = makeSnapshot({
    apps: [...DEFINITIONS.apps, app],
    resourceApps: [{ ...todo, ...resourceApp }, ...others],
    connections: [...DEFINITIONS.connections, { ...CONNECTION, ...connection }],
    policies: when === undefined ? [] : [zPolicy.parse({ id: 'p', when, effect: 'deny' })],
  })
  const given = makeFacts({
    client: { state: 'authenticated', clientId: 'report', method: app.auth.method },
    ask: { subjectTokenType: 'urn:ietf:params:oauth:token-type:jwt' },
    subject,
    user: describeWorkload(REPORT),
    ...facts,
  })
  return { snapshot, given, record: evaluateExchange(given, snapshot) }
}

describe('JAG-25 a workload', () => {
  it('gets an ID-JAG about itself, with the workload profile and no user claims', () => {
    const { record, snapshot, given } = prepare({
      resourceApp: { subject: 'pairwise', claims: { name: 'user.name' } },
    })
    expect(record).toMatchObject({
      outcome: 'allow',
      request: { subject: { ref: 'workload/report', token_type: 'workload' } },
      granted: { subject: { strategy: 'workload', value: 'workload/report', profile: 'service' } },
    })
    const resourceApp = snapshot.resourceApps.get('todo0')
    if (record.granted === null || resourceApp === undefined || given.user === undefined)
      throw new Error('not granted')
    const claims = buildIdJagClaims({
      ...{ issuer: ISSUER, granted: record.granted, resourceApp, user: given.user, signIn: WORKLOAD.signIn },
      ...{ jti: 'j', now: NOW_SECONDS, pairwise: () => 'pairwise' },
    })
    expect(claims).toMatchObject({
      sub: 'workload/report',
      sub_profile: 'service',
      client_id: 'report-there',
    })
    expect(claims).not.toHaveProperty('name')
  })

  const refused: readonly (readonly [string, Given, string, string])[] = [
    [
      'with another assertion',
      { subject: { ...WORKLOAD, isOwnAssertion: false } },
      'XAA1221',
      'subject_token.workload',
    ],
    [
      'that authenticates with a secret',
      { facts: { client: { state: 'authenticated', clientId: 'report', method: 'client_secret_basic' } } },
      'XAA1221',
      'subject_token.workload',
    ],
    [
      'over a connection for users',
      { connection: { subject: 'user' } },
      'XAA1003',
      'request.subject_token_type',
    ],
    ['over a suspended connection', { connection: { status: 'suspended' } }, 'XAA1403', 'connection.active'],
    [
      'that would need a step-up',
      { connection: { conditions: { dpop: 'optional', acr: ['mfa'] } } },
      'XAA1702',
      'stepup',
    ],
    ['by a policy about workloads', { when: { 'subject.kind': 'workload' } }, 'XAA1701', 'policy.rules'],
    [
      'by a policy about an attribute',
      { when: { 'user.attributes.level': 'junior' } },
      'XAA1704',
      'policy.rules',
    ],
  ]
  it.each(refused)('is refused: %s', (_, given, code, check) => {
    const { record } = prepare(given)
    expect(record.checks.find(({ result }) => result === 'fail')).toMatchObject({ id: check, code })
    expect(record.outcome).toBe('deny')
  })

  it('has a record that says why', async ({ expect }) => {
    const records = refused.map(([title, given]) => [title, prepare(given).record] as const)
    const text = renderRecords(prepare({}).record, records)
    await expect(text).toMatchFileSnapshot('../testing/workload-records.txt')
  })

  it('is not affected by a policy about users', () => {
    expect(prepare({ when: { 'subject.kind': 'user' } }).record.outcome).toBe('allow')
    expect(prepare({ when: { group: 'engineering' } }).record.outcome).toBe('allow')
  })

  it('has a connection that represents no user, even if all are assigned', () => {
    const alice = USERS['alice']
    if (alice === undefined) throw new Error('the world has a user')
    const { record } = prepare({
      subject: idTokenOf(alice, { aud: 'report' }),
      facts: { user: alice },
      connection: { assignments: { everyone: true, users: [], groups: [] } },
    })
    expect(record.checks).toContainEqual({
      ...{ id: 'connection.subject', result: 'fail', code: 'XAA1410' },
      ...{ expected: 'workload', actual: 'user' },
    })
    expect(record.outcome).toBe('deny')
  })

  it.each<readonly [string, Given]>([
    ['allowed', {}],
    ['suspended', { connection: { status: 'suspended' } }],
    ['that has a secret', { app: { ...REPORT, auth: { method: 'client_secret_basic', secret: 's' } } }],
    ['asked for a step-up', { connection: { conditions: { dpop: 'optional', maxAuthAgeSeconds: 60 } } }],
    ['denied by a policy', { when: { 'subject.kind': 'workload' } }],
  ])('gets the same result in a simulation: %s', (_, given) => {
    const { snapshot, record } = prepare(given)
    const simulated = evaluateExchange(
      assume({ app: 'report', userId: 'workload/report', user: undefined }, snapshot),
      snapshot,
    )
    const { code, granted, outcome } = record
    expect(simulated).toMatchObject({ code, granted, outcome })
  })
})
