// The text by which an event stands in its log: what is hashed, and what readers get their event back from. An event
// stands as it is, a decision as its note.
import type { AuditEvent } from './audit-event.ts'
import { buildDecisionEvent } from './decision-event.ts'
import type { DecisionNote } from './decision-note.ts'
import { packNote, type PackedNote, unpackNote } from './note-text.ts'
import { NOTE_SCHEMA_V1, type NoteV1, unpackNoteV1 } from './note-text-v1.ts'

/** @returns the text to keep and to hash; {@link parseEventText} is its inverse */
export function renderEventText(event: AuditEvent | DecisionNote): string {
  return JSON.stringify('record' in event ? packNote(event) : event)
}

/** @returns the whole event; throws a `SyntaxError` for what is no JSON, a `TypeError` for a form it does not know */
export function parseEventText(text: string): AuditEvent {
  const kept = JSON.parse(text) as AuditEvent | PackedNote | NoteV1
  if ('schema' in kept) return kept.schema === NOTE_SCHEMA_V1 ? buildDecisionEvent(unpackNoteV1(kept)) : kept
  return buildDecisionEvent(unpackNote(kept))
}
