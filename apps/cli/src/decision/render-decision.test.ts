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
