import type { DecisionRecord } from '@crosswalk/protocol'
import { expect, test } from 'vitest'

import type { AuditEvent } from './audit-event.ts'
import { buildDecisionEvent, buildDecisionNote } from './decision-event.ts'

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

const notes = {
  grant: buildDecisionNote({
    record: ALLOWED,
    type: 'idjag.issued',
    source: { interface: 'protocol' },
    issued: { jti: 'j', lifetimeSeconds: 300 },
    grantId: 'g',
  }),
  refusal: buildDecisionNote({ record: DENIED, type: 'idjag.denied', source: { interface: 'protocol' } }),
}

test.each(Object.entries(notes))('a log gives back the whole event of a %s, and keeps less', (_, note) => {
  const event = JSON.parse(JSON.stringify(buildDecisionEvent(note))) as AuditEvent
  const text = renderEventText(note)
  expect(JSON.parse(JSON.stringify(parseEventText(text)))).toEqual(event)
  expect(parseEventText(text).decision).toStrictEqual(note.record)
  expect(text.length).toBeLessThan(JSON.stringify(event).length * 0.75)
})

test('an event that is no decision stands as it is', () => {
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
