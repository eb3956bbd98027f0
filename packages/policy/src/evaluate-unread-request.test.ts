import { expect, it } from 'vitest'

import { evaluateUnreadRequest, evaluateFault } from './evaluate-unread-request.ts'

const FRAME = { decisionId: 'dec_1', traceId: 'trc_1', nowMs: 1_800_000_000_000, mode: 'enforced' } as const
const NOTHING_KNOWN = {
  stage: 'idp.token_exchange',
  request: { requesting_app: null, subject: null, resource: [], scope: [], context: {} },
  resolution: { candidates: [] },
  granted: null,
}

it('records a request that could not be read, and why', () => {
  const record = evaluateUnreadRequest('idp.token_exchange', FRAME, { code: 'XAA1004', detail: 'no form' })
  expect(record).toMatchObject({ ...NOTHING_KNOWN, outcome: 'deny', code: 'XAA1004' })
  expect(record.checks).toEqual([{ id: 'request.form', result: 'fail', code: 'XAA1004', actual: 'no form' }])
})

it.each([
  ['XAA9001', undefined, { http: 500 }],
  ['XAA9002', 2, { http: 503, retry_after: 2 }],
  ['XAA9003', 1, { http: 503, retry_after: 1 }],
] as const)(
  'records a fault as %s, with the response that said to retry after %s s',
  (code, retryAfterSeconds, wire) => {
    const record = evaluateFault('idp.token_exchange', FRAME, { code, retryAfterSeconds })
    expect(record).toMatchObject({ ...NOTHING_KNOWN, outcome: 'error', code, wire })
    expect(record.checks).toEqual([{ id: 'server.fault', result: 'fail', code }])
  },
)
