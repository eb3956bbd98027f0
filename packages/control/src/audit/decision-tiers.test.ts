// What a developer learns from a decision record: nothing about users, rules, assignments and blocks.
import type { DecisionRecord } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import { showDecision } from './decision-tiers.ts'

const RECORD = {
  ...{ kind: 'a kind', outcome: 'deny', mode: 'enforced' },
  summary: { user: 'for users', developer: 'for developers', admin: 'for administrators' },
  request: {
    requesting_app: { id: 'agent0', client_id: 'agent0' },
    subject: { ref: 'usr_alice', token_type: 'id_token' },
    ...{ resource: [], scope: [], context: { ip: '192.0.2.1' } },
  },
  resolution: { candidates: ['other'], connection: 'agent0-todo0', account: 'acc_1' },
  checks: [],
  policies: [{ policy: 'night' }],
  granted: null,
  narrowed: [{ scope: 'write', by: 'night', code: 'XAA1701' }],
  remedies: [{ rank: 1, owner: 'admin', text: 'Assign alice.' }],
  snapshot: { revision: 7 },
  timing_ms: { total: 12 },
}
const show = (record: object, role: 'developer' | 'helpdesk' | 'owner') =>
  showDecision({ ...RECORD, ...record } as unknown as DecisionRecord, { role })

it.each([
  ...['XAA1220', 'XAA1402', 'XAA1405', 'XAA1501', 'XAA1599', 'XAA1701', 'XAA1802'],
  ...['XAA1901', 'XAA1902', 'XAA1903', 'XAA2301', 'XAA2305'],
])('%s reads as a rule of the organisation', (code) => {
  const shown = show({ code }, 'developer')
  expect(shown).toMatchObject({ code: 'organisation-rule', kind: 'organisation', narrowed: [], remedies: [] })
  expect(JSON.stringify(shown)).not.toMatch(/XAA|administrators|alice|night|acc_1|192\.0\.2\.1|"other"/)
  expect(show({ code }, 'owner')).toEqual({ ...RECORD, code })
})

it.each(['XAA1101', 'XAA1201', 'XAA1401', 'XAA1406', 'XAA1801', 'XAA1904', 'XAA2216'])(
  '%s is shown, without what only administrators may read',
  (code) => {
    const shown = show({ code }, 'developer')
    expect(shown).toMatchObject({ code, kind: 'a kind', summary: { admin: 'for developers' }, policies: [] })
    expect(shown).toMatchObject({ snapshot: {} })
    expect(shown).not.toHaveProperty('timing_ms')
    expect(shown.narrowed.map(({ by }) => by)).toEqual(code === 'XAA1201' ? [] : ['organisation-rule'])
    expect(JSON.stringify(shown)).not.toMatch(/administrators|alice|night|acc_1|192\.0\.2\.1|"other"/)
  },
)

it('what was granted is shown without the user or account', () => {
  const granted = { audience: 'https://as.example', scope: ['read'], lifetime_seconds: 300 }
  for (const subject of [
    { strategy: 'user.id', value: 'usr_alice' },
    { strategy: 'account', value: 'acc_1' },
  ]) {
    const record = { code: 'XAA0000', outcome: 'allow', granted: { ...granted, subject } }
    expect(show(record, 'developer').granted).toEqual({
      ...granted,
      subject: { strategy: subject.strategy },
    })
    for (const role of ['helpdesk', 'owner'] as const)
      expect(show(record, role).granted).toEqual(record.granted)
  }
  expect(show({ code: 'XAA1101', granted: null }, 'developer').granted).toBeNull()
})

it.each([
  ['people', true],
  ['policy.night', true],
  ['blocks', true],
  ['connection.active', true],
  ['connection.period', true],
  ['connection.window', true],
  ['subject_token.chain', true],
  ['granted.lifetime', true],
  ['account', true],
  ['connection.exists', false],
  ['subject_token', false],
  ['client.authentication', false],
])('the check %s is hidden: %s', (id, isHidden) => {
  const checks = [{ id, result: 'fail', ref: 'usr_alice', via: 'staff', because: 'alice is suspended' }]
  const shown = show({ code: 'XAA1101', checks }, 'developer')
  expect(shown.checks).toEqual([{ id: isHidden ? 'organisation.rule' : id, result: 'fail' }])
})

it('helpdesk sees the whole record but the texts of policies', () => {
  expect(show({ code: 'XAA1501' }, 'helpdesk')).toEqual({ ...RECORD, code: 'XAA1501', policies: [] })
})
