// The text by which an event stands in its log: what is hashed, and what readers get their event back from. JSON with names,
// an event as it is and a decision without what its event says more than once.
import type { AuditEvent } from './audit-event.ts'
import { buildDecisionEvent } from './decision-event.ts'
import type { DecisionNote } from './decision-note.ts'
import { DECISION_SCHEMA, type DecisionText, describeDecision, readDecision } from './decision-text.ts'

/** @returns the text to keep and to hash; {@link parseEventText} is its inverse */
export function renderEventText(event: AuditEvent | DecisionNote): string {
  return JSON.stringify('record' in event ? describeDecision(event) : event)
}

/** @returns the whole event; throws a `SyntaxError` for what is no JSON, a `TypeError` for a form it does not know */
export function parseEventText(text: string): AuditEvent {
  const kept = JSON.parse(text) as AuditEvent | DecisionText
  if (kept.schema === DECISION_SCHEMA) return buildDecisionEvent(readDecision(kept))
  if (kept.schema === 'xaa.event/v1') return kept
  throw new TypeError(`an event in a form that is not known here: ${String((kept as AuditEvent).schema)}`)
}
