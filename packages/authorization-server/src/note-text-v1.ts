// Reads decisions as logs kept them before `note-text.ts`: with all their names, but without what goes without saying.
import type { Check, DecisionRecord } from '@crosswalk/protocol'

import type { DecisionNote } from './decision-note.ts'

export const NOTE_SCHEMA_V1 = 'xaa.note/v1'

/** In front of the name of a check that did not apply */
const NOT_APPLICABLE = '-'

/** By name alone, or with `actual` alone behind it, it passed. */
type PackedCheck = string | [id: string, actual: unknown] | Check

type Leavable = 'policies' | 'narrowed' | 'remedies'

export interface NoteV1 extends Omit<DecisionNote, 'record'> {
  readonly schema: typeof NOTE_SCHEMA_V1
  readonly record: Omit<DecisionRecord, 'schema' | 'checks' | Leavable> &
    Partial<Pick<DecisionRecord, Leavable>> & { readonly checks: readonly PackedCheck[] }
}

export function unpackNoteV1({ schema: _, record, ...note }: NoteV1): DecisionNote {
  const { checks, policies = [], narrowed = [], remedies = [], ...rest } = record
  return {
    ...note,
    record: {
      schema: 'xaa.decision/v1',
      ...rest,
      checks: checks.map(unpackCheck),
      policies,
      narrowed,
      remedies,
    },
  }
}

function unpackCheck(packed: PackedCheck): Check {
  if (Array.isArray(packed)) return { id: packed[0], result: 'pass', actual: packed[1] }
  if (typeof packed !== 'string') return packed
  return packed.startsWith(NOT_APPLICABLE)
    ? { id: packed.slice(NOT_APPLICABLE.length), result: 'not_applicable' }
    : { id: packed, result: 'pass' }
}
