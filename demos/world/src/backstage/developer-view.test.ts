import type { DecisionRecord } from '@crosswalk/protocol'
import { describe, expect, it } from 'vitest'

import { viewAsDeveloper } from './developer-view.ts'

const record = (change: Partial<DecisionRecord>): DecisionRecord => ({
  schema: 'xaa.decision/v1',
  decision_id: 'dec_1',
  trace_id: 'trc_1',
  time: '2026-01-01T00:00:00.000Z',
  stage: 'idp.token_exchange',
  mode: 'enforced',
  outcome: 'deny',
  kind: 'no_match',
  code: 'XAA1503',
  summary: { user: 'u', developer: 'd', admin: 'Bob is not in the connection.' },
  request: { requesting_app: null, subject: null, resource: [], scope: [], context: {} },
  resolution: { candidates: [] },
  checks: [],
  policies: [],
  granted: null,
  narrowed: [],
  remedies: [
    { rank: 1, owner: 'administrator', text: 'Add Bob to engineering.' },
    { rank: 2, owner: 'developer', text: 'Ask for less.' },
  ],
  wire: { http: 400, error: 'access_denied' },
  snapshot: {},
  ...change,
})

describe('viewAsDeveloper', () => {
  it('hides which policy of the organisation denied the request', () => {
    const view = viewAsDeveloper(
      record({
        checks: [
          { id: 'subject_token.form', result: 'pass' },
          { id: 'people.connection', result: 'fail', expected: 'engineering', actual: 'sales' },
          { id: 'policy.rules', result: 'pass' },
          { id: 'blocks', result: 'pass' },
        ],
      }),
    )
    expect(view).toEqual({
      id: 'dec_1',
      stage: 'idp',
      outcome: 'deny',
      text: expect.stringContaining('policy of the organisation'),
      remedies: [],
      checks: [
        { name: 'subject_token.form', result: 'pass' },
        { name: 'organisation rule', result: 'fail' },
      ],
    })
    expect(JSON.stringify(view)).not.toMatch(/XAA1503|engineering|sales|Bob/)
  })

  it('shows a fault in the request of the app, with the fix', () => {
    const view = viewAsDeveloper(
      record({
        stage: 'ras.redemption',
        code: 'XAA2209',
        wire: { http: 400, error: 'invalid_grant' },
        checks: [{ id: 'replay', result: 'fail', expected: 'first use', actual: 'second' }],
      }),
    )
    expect(view).toMatchObject({
      stage: 'vendor',
      code: 'XAA2209',
      text: 'd',
      remedies: ['Ask for less.'],
      checks: [{ name: 'replay', result: 'fail', expected: 'first use', actual: 'second' }],
    })
  })
})
