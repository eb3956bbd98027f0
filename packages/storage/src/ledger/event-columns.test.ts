import { buildDecisionEvent, buildStoredDecision } from '@crosswalk/as-core'
import type { DecisionRecord } from '@crosswalk/protocol'
import { expect, test } from 'vitest'

import { buildEventColumns } from './event-columns.ts'

const RECORD: DecisionRecord = {
  schema: 'xaa.decision/v1',
  decision_id: 'dec_1',
  trace_id: 'trc_\0',
  time: '2026-03-01T12:00:00.000Z',
  stage: 'ras.redemption',
  mode: 'enforced',
  outcome: 'deny',
  kind: 'precondition_failed',
  code: 'XAA2201',
  summary: { user: '', developer: '', admin: '' },
  request: { requesting_app: null, subject: null, resource: [], scope: [], context: {} },
  resolution: { candidates: [] },
  checks: [],
  policies: [],
  granted: null,
  narrowed: [],
  remedies: [],
  wire: { http: 400 },
  snapshot: {},
}

const app = { id: 'agent0', client_id: 'agent0', kind: 'agent' }
const RECORDS: Record<string, DecisionRecord> = {
  'nothing known': RECORD,
  'an app alone': { ...RECORD, request: { ...RECORD.request, requesting_app: app } },
  'all known': {
    ...RECORD,
    request: {
      ...RECORD.request,
      requesting_app: app,
      subject: { ref: 'usr_alice', issuer: 'https://i.test' },
    },
    resolution: { candidates: [], resource_app: 'todo0', connection: 'agent0-todo0', account: 'acc_1' },
  },
}

test.each(Object.entries(RECORDS))('a stored decision has the columns of its event: %s', (_, record) => {
  for (const grantId of [undefined, 'grant']) {
    const stored = buildStoredDecision({ record, type: 'token.refused', source: {}, grantId })
    expect(buildEventColumns(stored)).toEqual(buildEventColumns(buildDecisionEvent(stored)))
  }
})
