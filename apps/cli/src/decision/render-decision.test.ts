// Decisions of an authorization server in the terminal.
import type { DecisionRecord } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import { renderDecision, renderDecisionLine } from './render-decision.ts'

const REDEMPTION = {
  ...{ decision_id: 'dec_1', time: '2026-03-02T09:14:05.114Z', stage: 'ras.redemption', mode: 'enforced' },
  ...{ outcome: 'allow', code: 'XAA0001', summary: { admin: 'Allowed.' } },
  request: {
    requesting_app: { id: 'agent0-at-todo0' },
    ...{ subject: { ref: 'usr_alice' }, audience: 'https://as.test', resource: [], scope: [] },
  },
  resolution: { candidates: [], resource_app: 'todo0', account: 'acc_1' },
  checks: [
    {
      ...{ id: 'account', result: 'fail', code: 'XAA2301' },
      actual: [
        { step: 'iss_sub', result: 'none' },
        { step: 'email', result: 'unverified' },
      ],
    },
  ],
  ...{ policies: [], narrowed: [], remedies: [], granted: null, wire: { http: 200 } },
} as unknown as DecisionRecord

it('lists a redemption apart from the exchange, and a narrowed grant by its own sign', () => {
  expect(renderDecisionLine(REDEMPTION)).toBe(
    '2026-03-02T09:14:05.114Z  ◐ XAA0001  agent0-at-todo0 for usr_alice at todo0 (redemption)  dec_1',
  )
})

it('names the account, and what each strategy of account linking found', () => {
  const shown = renderDecision(REDEMPTION, { columns: 100, suggest: (command) => command })
  expect(shown).toMatch(/^ {2}target {2}todo0 · account acc_1$/m)
  expect(shown).toMatch(/✕ account {2}\(XAA2301\) {2}has iss_sub: none, email: unverified$/m)
})

const DENIED = {
  ...{ ...REDEMPTION, stage: 'idp.exchange', outcome: 'deny', code: 'XAA1502' },
  summary: { admin: 'bob is not assigned.' },
  request: {
    requesting_app: { id: 'agent0' },
    subject: { ref: 'usr_bob', display: 'bob' },
    ...{ audience: 'https://as.test', resource: ['https://todo.test/mcp'], scope: ['todos.read'] },
  },
  resolution: { candidates: [], resource_app: 'todo0', how: 'resource', connection: 'agent0-todo0' },
  checks: [
    { id: 'client', result: 'pass', via: 'secret' },
    { id: 'scope', result: 'skipped' },
    {
      ...{ id: 'people', result: 'fail', code: 'XAA1502', ref: 'todo0' },
      ...{ expected: ['engineering'], actual: [] },
    },
    { id: 'volume', result: 'unknown', code: 'XAA1703', expected: { most: 5 } },
  ],
  policies: [
    { id: 'fresh', applies: false, effect: 'require', state: 'enforced', result: 'met', clauses: [] },
    {
      ...{ id: 'nights', applies: true, effect: 'deny', state: 'report-only', result: 'met' },
      clauses: [{ text: 'outside hours', value: 'Sunday' }],
    },
  ],
  narrowed: [{ scope: 'todos.write', by: 'connection', code: 'XAA0002' }],
  wire: { http: 400, error: 'access_denied', error_description: 'No.' },
} as unknown as DecisionRecord

it('shows what was requested, each check with what it needs, and only rules that apply', () => {
  expect(renderDecision(DENIED, { columns: 100, suggest: (command) => command })).toBe(
    `✕ DENIED  XAA1502  bob is not assigned.
  id      dec_1 · enforced at 2026-03-02T09:14:05.114Z
  request agent0 for bob at https://todo.test/mcp · todos.read
  target  todo0 (resource) · connection agent0-todo0
  checks  ✓ client (secret)  – scope
          ✕ people  needs engineering  has none  see todo0
          ? volume  (XAA1703)  needs {"most":5}
  rules   nights: deny met, report-only · outside hours (Sunday)
  removed todos.write by connection (XAA0002)
  wire    400 access_denied "No."
`,
  )
})

it('says so if a request named no resource and no scope', () => {
  const shown = renderDecision(REDEMPTION, { columns: 100, suggest: (command) => command })
  expect(shown).toMatch(
    /^ {2}request agent0-at-todo0 for usr_alice at https:\/\/as\.test · all allowed scopes$/m,
  )
})
