import { describe, expect, test } from 'vitest'

import type { AuditEvent } from './audit-event.ts'
import { AUDIT_EVENT_TYPES } from './audit-event-types.ts'
import { ACR } from '../constants.ts'
import { OCSF_VERSION, renderOcsf } from './ocsf.ts'

const TIME_MS = 1_772_442_845_114
const PLACE = { log: 'idp', chain: 'idp', seq: 7, prevHash: 'before', hash: 'own' }

function eventOf(type: string, more: Partial<AuditEvent> = {}): AuditEvent {
  return {
    schema: 'xaa.event/v1',
    id: 'evt_1',
    time: '2026-03-02T09:14:05.114Z',
    type,
    category: 'governance',
    severity: 'notice',
    outcome: 'success',
    actor: { kind: 'admin', id: 'adm_1' },
    target: { kind: 'connection', id: 'agent0-todo0' },
    ...more,
  }
}

/** The members that each class requires in OCSF 1.6.0, besides those of every event. */
const REQUIRED: Readonly<Record<number, readonly string[]>> = {
  3002: ['user', 'service'],
  3004: ['entity'],
  3005: ['user', 'privileges'],
  6003: ['actor', 'api', 'src_endpoint'],
}
const ALWAYS = [
  'activity_id',
  'category_uid',
  'class_uid',
  'metadata',
  'severity_id',
  'time',
  'type_uid',
] as const

describe('OCSF 1.6.0', () => {
  test.each([...AUDIT_EVENT_TYPES])('renders %s with everything its class requires', (type, { activity }) => {
    const told = renderOcsf(eventOf(type), PLACE, TIME_MS)
    for (const member of [...ALWAYS, ...(REQUIRED[told.class_uid] ?? ['no such class'])])
      expect(told).toHaveProperty(member)
    expect(told).toMatchObject({
      category_uid: Math.floor(told.class_uid / 1000),
      activity_id: activity,
      type_uid: told.class_uid * 100 + activity,
      time: TIME_MS,
      metadata: { version: OCSF_VERSION, event_code: type, log_name: 'idp', sequence: 7, uid: 'evt_1' },
    })
    expect(JSON.stringify(told)).not.toContain('undefined')
  })

  test.each<[string, Partial<AuditEvent>, number]>([
    ['decision', { category: 'decision' }, 6003_99],
    ['session', { category: 'session' }, 3002_99],
    ['system', { category: 'system' }, 3004_99],
  ])('maps an unknown type of category %s by its category', (_, more, typeUid) => {
    expect(renderOcsf(eventOf('something.new', more), PLACE, TIME_MS).type_uid).toBe(typeUid)
  })

  test.each([
    ['info', 1],
    ['notice', 2],
    ['warning', 3],
    ['critical', 5],
  ] as const)('severity %s is %i', (severity, id) => {
    expect(renderOcsf(eventOf('key.rotated', { severity }), PLACE, TIME_MS)).toMatchObject({
      severity_id: id,
    })
  })

  test.each([
    ['allow', 1],
    ['success', 1],
    ['deny', 2],
    ['failure', 2],
    ['error', 2],
    ['step_up', 99],
    ['pending', 99],
  ] as const)('outcome %s has status %i', (outcome, id) => {
    expect(renderOcsf(eventOf('idjag.issued', { outcome }), PLACE, TIME_MS)).toMatchObject({ status_id: id })
  })

  test('a decision names the app, the user it acts for, the policies and the code', () => {
    const decision = {
      summary: { user: 'u', developer: 'd', admin: 'Bob is not on it.' },
      policies: [
        { id: 'p1', applies: true, result: 'fail', state: 'enforced' },
        { id: 'p2', applies: false, result: 'not_applicable', state: 'enforced' },
      ],
      wire: { http: 400 },
    } as unknown as NonNullable<AuditEvent['decision']>
    const event = eventOf('idjag.denied', {
      category: 'decision',
      outcome: 'deny',
      code: 'XAA1503',
      actor: { kind: 'agent', id: 'agent0', client_id: 'agent0' },
      on_behalf_of: { user_ref: 'usr_bob' },
      target: { kind: 'resource_app', id: 'todo0', resource: ['https://todo0.test/mcp'] },
      action: { verb: 'idp.token_exchange' },
      trace_id: 'trace-1',
      decision_id: 'dec_1',
      latency_ms: 3.4,
      source: { ip: '192.0.2.7' },
      decision,
    })
    expect(renderOcsf(event, PLACE, TIME_MS)).toMatchObject({
      class_uid: 6003,
      status_code: 'XAA1503',
      status_detail: 'd',
      message: 'Bob is not on it.',
      duration: 3,
      actor: {
        app_uid: 'agent0',
        user: { uid: 'usr_bob' },
        authorizations: [{ decision: 'deny', policy: { uid: 'p1', is_applied: true } }],
      },
      api: { operation: 'idp.token_exchange', request: { uid: 'dec_1' } },
      resources: [{ uid: 'todo0' }, { uid: 'https://todo0.test/mcp' }],
      http_response: { code: 400 },
      src_endpoint: { ip: '192.0.2.7' },
      metadata: { correlation_uid: 'trace-1', profiles: ['trace'] },
      trace: { uid: 'trace-1' },
    })
  })

  test('an approval names the user and their new privileges', () => {
    const change = { request: { scopes: ['a', 'b'], granted: { scopes: ['a'] } } }
    const event = eventOf('request.narrowed', { change, on_behalf_of: { user_ref: 'usr_bob' } })
    expect(renderOcsf(event, PLACE, TIME_MS)).toMatchObject({
      type_uid: 3005_01,
      user: { uid: 'usr_bob' },
      privileges: ['a'],
    })
  })

  test('a sign-in states whether a second factor was used', () => {
    const event = eventOf('signin.succeeded', {
      category: 'session',
      actor: { kind: 'user', id: 'usr_bob' },
      authentication: { acr: ACR.multiFactor, amr: ['pwd', 'otp'] },
    })
    expect(renderOcsf(event, PLACE, TIME_MS)).toMatchObject({
      class_uid: 3002,
      is_mfa: true,
      user: { uid: 'usr_bob' },
      actor: { user: { uid: 'usr_bob', type_id: 1 } },
    })
  })

  test('nothing is lost: the event and its place in the chain are included', () => {
    const event = eventOf('key.rotated', { reason: 'drill' })
    expect(renderOcsf(event, PLACE, TIME_MS)).toMatchObject({ unmapped: { xaa: event, chain: PLACE } })
  })
})
