// The text of an event in its log. It is what gets hashed, and what readers restore events from. The text is JSON: an
// event unchanged, a decision without the parts that its event repeats.
import type { AuditEvent } from './audit-event.ts'
import { buildDecisionEvent } from './decision-event.ts'
import type { StoredDecision } from './stored-decision.ts'
import { DECISION_SCHEMA, type DecisionText, describeDecision, readDecision } from './decision-text.ts'

/** @returns the text to store and hash; {@link parseEventText} is its inverse */
export function renderEventText(event: AuditEvent | StoredDecision): string {
  return JSON.stringify('record' in event ? describeDecision(event) : event)
}

/** @returns the whole event; throws a `SyntaxError` for invalid JSON, a `TypeError` for an unknown schema */
export function parseEventText(text: string): AuditEvent {
  const kept = JSON.parse(text) as AuditEvent | DecisionText
  if (kept.schema === DECISION_SCHEMA) return buildDecisionEvent(readDecision(kept))
  if (kept.schema === 'xaa.event/v1') return kept
  throw new TypeError(`unknown event schema: ${String((kept as AuditEvent).schema)}`)
}
