// The text by which an event stands in its log: what is hashed, and what readers get their event back from. An event
// stands as it is. A decision stands as its note, in which what goes without saying is left out: lists that are empty,
// and of a check that simply passed or did not apply everything but its name and what was found.
import { type Check, type DecisionRecord, flat, madeOnce } from '@crosswalk/protocol'

import type { AuditEvent } from './audit-event.ts'
import { buildDecisionEvent } from './decision-event.ts'
import type { DecisionNote } from './decision-note.ts'

/** Names the form, so that another one can be told from it. */
const NOTE_SCHEMA = 'xaa.note/v1'
const RECORD_SCHEMA = 'xaa.decision/v1'

/** In front of the name of a check that did not apply; no name starts with it. */
const NOT_APPLICABLE = '-'

/** By name alone, or with `actual` alone behind it, it passed. */
type PackedCheck = string | [id: string, actual: unknown] | Check

type Leavable = 'policies' | 'narrowed' | 'remedies'

type PackedRecord = Omit<DecisionRecord, 'schema' | 'checks' | 'timing_ms' | Leavable> & {
  readonly checks: readonly PackedCheck[]
  readonly timing_ms: DecisionRecord['timing_ms'] | undefined
} & { readonly [Name in Leavable]: DecisionRecord[Name] | undefined }

type PackedNote = Omit<DecisionNote, 'record'> & {
  readonly schema: typeof NOTE_SCHEMA
  readonly record: PackedRecord
}

/** @returns the text to keep and to hash; {@link parseEventText} is its inverse */
export function renderEventText(event: AuditEvent | DecisionNote): string {
  return JSON.stringify('record' in event ? packNote(event) : event)
}

/** @returns the whole event; throws a `SyntaxError` for what is no JSON */
export function parseEventText(text: string): AuditEvent {
  const kept = JSON.parse(text) as AuditEvent | PackedNote
  return kept.schema === NOTE_SCHEMA ? buildDecisionEvent(unpackNote(kept)) : kept
}

// Member by member: spreading a record costs more than writing it.
function packNote({ id, type, issued, grantId, source, record }: DecisionNote): PackedNote {
  return {
    schema: NOTE_SCHEMA,
    id,
    type,
    issued,
    grantId,
    source,
    record: {
      decision_id: record.decision_id,
      trace_id: record.trace_id,
      time: record.time,
      stage: record.stage,
      mode: record.mode,
      outcome: record.outcome,
      kind: record.kind,
      code: record.code,
      summary: record.summary,
      request: record.request,
      resolution: record.resolution,
      checks: record.checks.map(packCheck),
      policies: unlessEmpty(record.policies),
      granted: record.granted,
      narrowed: unlessEmpty(record.narrowed),
      remedies: unlessEmpty(record.remedies),
      wire: record.wire,
      snapshot: record.snapshot,
      timing_ms: record.timing_ms,
    },
  }
}

function unpackNote({ schema: _, record, ...note }: PackedNote): DecisionNote {
  const {
    checks,
    policies = [],
    granted,
    narrowed = [],
    remedies = [],
    wire,
    snapshot,
    timing_ms,
    ...head
  } = record
  return {
    ...note,
    issued: note.issued,
    grantId: note.grantId,
    record: {
      schema: RECORD_SCHEMA,
      ...head,
      checks: checks.map(unpackCheck),
      policies,
      granted,
      narrowed,
      remedies,
      wire,
      snapshot,
      ...(timing_ms === undefined ? {} : { timing_ms }),
    },
  }
}

function packCheck(check: Check): PackedCheck {
  const { id, result, actual } = check
  if (result !== 'pass' && result !== 'not_applicable') return check
  for (const member in check) if (member !== 'id' && member !== 'result' && member !== 'actual') return check
  if (actual === undefined) return result === 'pass' ? id : markNotApplicable(id)
  return result === 'pass' ? [id, actual] : check
}

/** There are a few dozen names; each marked in one piece, and not for every record that has it. */
const markNotApplicable = madeOnce((id: string) => flat`${NOT_APPLICABLE}${id}`)

function unpackCheck(packed: PackedCheck): Check {
  if (Array.isArray(packed)) return { id: packed[0], result: 'pass', actual: packed[1] }
  if (typeof packed !== 'string') return packed
  return packed.startsWith(NOT_APPLICABLE)
    ? { id: packed.slice(NOT_APPLICABLE.length), result: 'not_applicable' }
    : { id: packed, result: 'pass' }
}

function unlessEmpty<T>(list: T[]): T[] | undefined {
  return list.length === 0 ? undefined : list
}
