// The record of a request that was refused by its form alone (wrong method, content type, size, encoding or grant type), and
// of one that met a fault: of neither anything is known.
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

/** @returns a record with outcome `error`, which names the request, so that it is found in the server's log by its id */
export function recordFault(
  stage: DecisionRecord['stage'],
  frame: DecisionFrame,
  code: 'XAA9001' | 'XAA9002',
): DecisionRecord {
  const list = createChecklist()
  list.fail('server.fault', code)
  return assemble(stage, frame, list)
}

function assemble(stage: DecisionRecord['stage'], frame: DecisionFrame, list: Checklist): DecisionRecord {
  return assembleRecord({
    frame,
    stage,
    list,
    request: { requesting_app: null, subject: null, resource: [], scope: [], context: {} },
    resolution: { candidates: [] },
    granted: null,
    names: { app: 'An unknown app', target: 'the token endpoint', user: 'the user' },
    snapshot: {},
  })
}
