// The record of a request that was refused for its form (method, content type, size, encoding or grant type) or that
// met a fault; in both cases nothing else is known of it.
import type { DecisionFrame, DecisionRecord, XaaCode } from '@crosswalk/protocol'

import { type Checklist, createChecklist } from './checklist.ts'
import { assembleRecord } from './record.ts'

export function evaluateUnreadRequest(
  stage: DecisionRecord['stage'],
  frame: DecisionFrame,
  problem: { readonly code: XaaCode; readonly detail: string },
): DecisionRecord {
  const list = createChecklist()
  list.fail('request.form', problem.code, { actual: problem.detail })
  return assemble(stage, frame, list)
}

/** @returns a record with outcome `error` that names the request id, so that the server's log can be searched for it */
export function evaluateFault(
  stage: DecisionRecord['stage'],
  frame: DecisionFrame,
  { code, retryAfterSeconds }: Fault,
): DecisionRecord {
  const list = createChecklist()
  list.fail('server.fault', code)
  return assemble(stage, frame, list, retryAfterSeconds)
}

interface Fault {
  readonly code: 'XAA9001' | 'XAA9002' | 'XAA9003'
  /** As the response said */
  readonly retryAfterSeconds?: number | undefined
}

function assemble(
  stage: DecisionRecord['stage'],
  frame: DecisionFrame,
  list: Checklist,
  retryAfterSeconds?: number,
): DecisionRecord {
  return assembleRecord({
    frame,
    stage,
    list,
    request: { requesting_app: null, subject: null, resource: [], scope: [], context: {} },
    resolution: { candidates: [] },
    granted: null,
    names: { app: 'An unknown app', target: 'the token endpoint', user: 'the user' },
    snapshot: {},
    retryAfterSeconds,
  })
}
