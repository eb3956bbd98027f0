import { expect, it } from 'vitest'

import { renderDecisions } from './export-decisions.ts'

const decision = {
  time: '2026-11-27T09:12:03Z',
  outcome: 'deny',
  code: 'XAA1502',
  stage: 'idp.token_exchange',
  request: { subject: { ref: 'usr_bob' }, requesting_app: { id: '=cmd()' }, scope: ['a', 'b'] },
  resolution: {},
  granted: null,
  summary: { admin: 'bob, "the builder", is not assigned' },
  decision_id: 'dec_1',
  trace_id: 't1',
}

it('renders one row per decision, quoted as in RFC 4180', () => {
  const [head, row, ...rest] = renderDecisions([decision] as never).split('\r\n')
  expect(head).toBe(
    'time,outcome,code,stage,user,app,resource_app,connection,scopes,granted,summary,decision,trace',
  )
  expect(row).toContain('a b,,"bob, ""the builder"", is not assigned",dec_1,t1')
  expect(rest).toEqual([''])
})

it('prevents spreadsheets from executing client input', () => {
  expect(renderDecisions([decision] as never)).toContain(",'=cmd(),")
})
