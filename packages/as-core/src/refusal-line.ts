// Explains on one line why a request was refused, for developers of an embedded server; the caller gets no reason.
import type { DecisionRecord } from '@crosswalk/protocol'

import type { OnDecision } from './decision-recorder.ts'

/** Enough for a list of scopes or a URL; values from a caller are truncated to this length. */
const MAX_CHARACTERS = 200

/** @returns the line; undefined if access was granted */
export function renderRefusalLine(record: DecisionRecord, log: string): string | undefined {
  if (record.outcome === 'allow') return undefined
  const { code, outcome, summary, checks, remedies, decision_id: id } = record
  const failed = checks.find(({ result }) => result === 'fail')
  const seen = [describe('needs', failed?.expected), describe('has', failed?.actual)].filter(
    (it) => it !== '',
  )
  const cause = failed === undefined ? '' : ` ${[failed.id, ...seen].join(', ')}.`
  const fix = remedies[0] === undefined ? '' : ` Fix: ${remedies[0].text}`
  // One line only: values from a caller must not look like another log entry.
  return `crosswalk ${log}: ${outcome} ${code}. ${summary.admin}${cause}${fix} (${id})`.replace(
    /\p{Cc}+/gu,
    ' ',
  )
}

function describe(word: string, value: unknown): string {
  if (value === undefined) return ''
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return `${word} ${text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}…` : text}`
}

/** The default listener of an embedded server; writes nothing in production. */
export function writeRefusals(log: string): OnDecision {
  return (record) => {
    if (process.env.NODE_ENV === 'production') return
    const line = renderRefusalLine(record, log)
    if (line !== undefined) process.stderr.write(`${line}\n`)
  }
}
