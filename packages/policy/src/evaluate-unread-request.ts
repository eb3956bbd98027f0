// The record of a request that was refused by its form alone: wrong method, content type, size, encoding or grant type.
import type { DecisionFrame, DecisionRecord, XaaCode } from '@crosswalk/protocol'

import { createChecklist } from './checklist.ts'
import { assembleRecord } from './record.ts'

export function evaluateUnreadRequest(
  stage: DecisionRecord['stage'],
  frame: DecisionFrame,
  problem: { readonly code: XaaCode; readonly detail: string },
): DecisionRecord {
  const list = createChecklist()
  list.fail('request.form', problem.code, { actual: problem.detail })
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
