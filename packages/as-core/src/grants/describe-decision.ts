// A decision as attributes of a span: what was decided, never about whom.
import type { DecisionRecord } from '@crosswalk/protocol'
import type { Attributes } from '@crosswalk/tracing'

import { nameGrant } from './name-grant.ts'

export function describeDecision(record: DecisionRecord): Attributes {
  const { decision_id: id, outcome, code } = record
  return {
    'crosswalk.decision.id': id,
    'crosswalk.decision.outcome': outcome,
    'crosswalk.decision.code': code,
    'crosswalk.grant': nameGrant(record),
  }
}
