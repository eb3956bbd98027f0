import type { DecisionRecord } from '@crosswalk/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'

import type { AuditEvent } from './audit-event.ts'
import { buildDecisionEvent, buildStoredDecision } from './decision-event.ts'

import { parseEventText, renderEventText } from './event-text.ts'

const ALLOWED: DecisionRecord = {
  schema: 'xaa.decision/v1',
  decision_id: 'dec_1',
  trace_id: 'trc_1',
  time: '2026-03-01T12:00:00.000Z',
  stage: 'idp.token_exchange',
  mode: 'enforced',
  outcome: 'allow',
  kind: 'allowed',
  code: 'XAA0000',
  summary: { user: 'u', developer: 'd', admin: 'a' },
  request: {
    requesting_app: { id: 'agent0', client_id: 'agent0', kind: 'agent' },
    subject: { ref: 'usr_alice', token_type: 'id_token' },
    audience: 'https://as.test',
    resource: [],
    scope: ['a'],
    context: {},
  },
  resolution: { candidates: ['todo0'], resource_app: 'todo0', connection: 'agent0-todo0' },
  checks: [
    { id: 'request.form', result: 'pass' },
    { id: 'dpop.proof', result: 'not_applicable' },
    { id: 'trust.issuer', result: 'pass', actual: 'https://idp.test' },
    { id: 'resource.claim', result: 'pass', actual: [] },
    { id: 'people.connection', result: 'pass', via: 'everyone' },
    { id: 'account', result: 'pass', ref: 'acc_1', actual: [{ step: 'iss_sub', result: 'found' }] },
    { id: 'policy.rules', result: 'pass', evaluated: 0, matched: 0 },
  ],
  policies: [],
  granted: {
    client_id: 'c',
    audience: 'https://as.test',
    resource: [],
    scope: ['a'],
    lifetime_seconds: 300,
    subject: { strategy: 'user.id', value: 'usr_alice' },
  },
  narrowed: [],
  remedies: [],
  wire: { http: 200 },
  snapshot: { revision: 1 },
  timing_ms: { total: 3 },
}

const DENIED: DecisionRecord = {
  ...ALLOWED,
  outcome: 'deny',
  code: 'XAA1503',
  checks: [
    { id: 'people.connection', result: 'fail', code: 'XAA1503', expected: 'x', actual: ['y'] },
    { id: 'scope.granted', result: 'skipped', because: 'people.connection' },
    { id: 'blocks', result: 'unknown' },
    { id: 'tenant', result: 'not_applicable', actual: 'none' },
    { id: 'stepup', result: 'not_applicable', because: 'people.connection' },
  ],
  policies: [{ id: 'p', effect: 'deny', state: 'enforced', applies: true, result: 'fail', clauses: [] }],
  granted: null,
  narrowed: [{ scope: 'b', by: 'connection', code: 'XAA1603' }],
  remedies: [{ rank: 1, owner: 'administrator', text: 'Add them.' }],
  wire: { http: 400, error: 'access_denied' },
}

const decisions = {
  grant: buildStoredDecision({
    record: ALLOWED,
    type: 'idjag.issued',
    source: { interface: 'protocol' },
    issued: { jti: 'j', lifetimeSeconds: 300 },
    grantId: 'g',
  }),
  refusal: buildStoredDecision({ record: DENIED, type: 'idjag.denied', source: { interface: 'protocol' } }),
}

test.each([
  ['grant', decisions.grant, 0.75],
  ['refusal', decisions.refusal, 0.8],
] as const)('a log restores the whole event of a %s from less text', (_, stored, share) => {
  const event = JSON.parse(JSON.stringify(buildDecisionEvent(stored))) as AuditEvent
  const text = renderEventText(stored)
  expect(JSON.parse(JSON.stringify(parseEventText(text)))).toEqual(event)
  expect(parseEventText(text).decision).toStrictEqual(stored.record)
  expect(text.length).toBeLessThan(JSON.stringify(event).length * share)
})

test('an event that is not a decision is stored unchanged', () => {
  const event: AuditEvent = {
    schema: 'xaa.event/v1',
    id: 'evt_1',
    time: '2026-03-01T12:00:00.000Z',
    type: 'signin.succeeded',
    category: 'session',
    severity: 'info',
    outcome: 'success',
    actor: { kind: 'user', id: 'usr_alice' },
  }
  expect(renderEventText(event)).toBe(JSON.stringify(event))
  expect(parseEventText(renderEventText(event))).toEqual(event)
})

test('a log restores the record of every decision, whichever members are absent', () => {
  fc.assert(
    fc.property(anyRecord(), (record) => {
      const stored = buildStoredDecision({ record, type: 't', source: {} })
      expect(parseEventText(renderEventText(stored)).decision).toStrictEqual(record)
    }),
  )
})

test('a decision starts with what readers look for, such as failed checks', () => {
  const text = JSON.parse(renderEventText(decisions.refusal)) as object
  expect(text).toMatchObject({
    ...{ type: 'idjag.denied', outcome: 'deny', code: 'XAA1503', failed: ['people.connection'] },
    ...{ user: 'usr_alice', app: 'agent0', resourceApp: 'todo0', connection: 'agent0-todo0' },
    ...{ audience: 'https://as.test', scope: { requested: ['a'] }, decision: 'dec_1', trace: 'trc_1' },
  })
  const grant = JSON.parse(renderEventText(decisions.grant)) as { readonly checks: readonly unknown[] }
  expect(grant).toMatchObject({ scope: { requested: ['a'], granted: ['a'] }, grant: 'g' })
  expect(grant).not.toHaveProperty('failed')
  expect(grant.checks.slice(0, 3)).toEqual([
    'request.form',
    { id: 'dpop.proof', result: 'not_applicable' },
    { id: 'trust.issuer', result: 'pass', actual: 'https://idp.test' },
  ])
})

test('an event of a future schema is not mistaken for a current one', () => {
  const text = renderEventText(decisions.grant).replace('xaa.decision-event/v1', 'xaa.decision-event/v2')
  expect(() => parseEventText(text)).toThrow('unknown event schema: xaa.decision-event/v2')
})

function anyRecord(): fc.Arbitrary<DecisionRecord> {
  // A small set, so that granted and requested scopes often match.
  const text = fc.oneof(fc.constantFrom('', 'a', 'b'), fc.string({ maxLength: 5 }))
  const texts = fc.array(text, { maxLength: 2 })
  const object = fc.dictionary(
    text.filter((name) => name !== '__proto__'),
    fc.oneof(text, fc.integer()),
    {
      maxKeys: 2,
      noNullPrototype: true,
    },
  )
  const details = fc.array(object, { maxLength: 2 })
  const check = fc.record(
    {
      id: text,
      result: fc.constantFrom('pass', 'fail', 'unknown', 'skipped', 'not_applicable'),
      actual: fc.oneof(fc.constant(null), text, texts),
      ref: text,
      via: text,
      expected: fc.oneof(fc.constant(null), text),
      evaluated: fc.nat(),
    },
    { requiredKeys: ['id', 'result'], noNullPrototype: true },
  )
  const app = fc.record(
    { id: text, client_id: text, kind: text },
    { requiredKeys: ['id', 'client_id'], noNullPrototype: true },
  )
  const subject = fc.record(
    { ref: text, issuer: text, acr: text },
    { requiredKeys: [], noNullPrototype: true },
  )
  const granted = fc.record(
    {
      client_id: text,
      audience: text,
      resource: texts,
      scope: texts,
      authorization_details: details,
      lifetime_seconds: fc.nat(),
      subject: fc.record(
        { strategy: text, value: text },
        { requiredKeys: ['strategy'], noNullPrototype: true },
      ),
      cnf: fc.record({ jkt: text }, { noNullPrototype: true }),
      act: object,
    },
    {
      requiredKeys: ['client_id', 'audience', 'resource', 'scope', 'lifetime_seconds', 'subject'],
      noNullPrototype: true,
    },
  )
  const request = fc.record(
    {
      grant_type: text,
      requesting_app: fc.option(app),
      subject: fc.option(subject),
      actor: fc.record({ ref: text }, { noNullPrototype: true }),
      audience: text,
      resource: texts,
      scope: texts,
      authorization_details: details,
      context: object,
    },
    { requiredKeys: ['requesting_app', 'subject', 'resource', 'scope', 'context'], noNullPrototype: true },
  )
  return fc
    .record({
      request,
      granted: fc.option(granted),
      resolution: fc.record(
        { candidates: texts, account: text },
        { requiredKeys: ['candidates'], noNullPrototype: true },
      ),
      checks: fc.array(check, { maxLength: 5 }),
      policies: fc.constantFrom([], DENIED.policies),
      narrowed: fc.constantFrom([], DENIED.narrowed),
      remedies: fc.constantFrom([], DENIED.remedies),
      timing: fc.option(fc.nat()),
    })
    .map(({ timing, ...parts }) => {
      const { timing_ms: _, ...rest } = ALLOWED
      return { ...rest, ...parts, ...(timing === null ? {} : { timing_ms: { total: timing } }) }
    })
}
