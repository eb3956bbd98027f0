// Span attributes of a decision: what was decided, without identifying anyone.
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
