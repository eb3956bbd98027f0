// `doctor --since-last`: reports only what changed since the run before, whose problems a file keeps.
import { existsSync, writeFileSync } from 'node:fs'

import type { Finding } from '@crosswalk/lab'
import { z } from 'zod'

import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { readTextFile } from '../terminal.ts'

const SCHEMA = 'crosswalk.doctor-state/v1'

const zState = z.object({
  schema: z.literal(SCHEMA),
  at: z.iso.datetime(),
  problems: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      subject: z.string(),
      result: z.enum(['fail', 'warn', 'info']),
    }),
  ),
})
export type State = z.infer<typeof zState>
type ReportedProblem = State['problems'][number]

export interface Changes {
  /** Problems that are new, or have another severity */
  readonly added: readonly Finding[]
  readonly resolved: readonly ReportedProblem[]
  /** Number of problems that are the same */
  readonly unchanged: number
  /** When the file was written; undefined if this is the first run */
  readonly since: string | undefined
}

/** Replaces the file. */
export function updateState(file: string, findings: readonly Finding[], nowMs: number): Changes {
  const { changes, state } = compareFindings(readState(file), findings, nowMs)
  writeState(file, `${JSON.stringify(state, null, 2)}\n`)
  return changes
}

/** A check that was skipped this time leaves the last result of its problem. */
export function compareFindings(
  last: State | undefined,
  findings: readonly Finding[],
  nowMs: number,
): { readonly changes: Changes; readonly state: State } {
  const before = new Map((last?.problems ?? []).map((problem) => [keyOf(problem), problem]))
  const skipped = new Set(findings.filter(({ result }) => result === 'skipped').map(keyOf))
  const problems = findings.flatMap(({ id, title, subject, result }) =>
    result === 'pass' || result === 'skipped' ? [] : [{ id, title, subject, result }],
  )
  const now = new Set(problems.map(keyOf))
  const gone = [...before].filter(([key]) => !now.has(key))
  const kept = gone.flatMap(([key, problem]) => (skipped.has(key) ? [problem] : []))
  const resolved = gone.flatMap(([key, problem]) => (skipped.has(key) ? [] : [problem]))
  const added = findings.filter(
    (finding) => now.has(keyOf(finding)) && before.get(keyOf(finding))?.result !== finding.result,
  )
  const unchanged = problems.length - added.length + kept.length
  const at = new Date(nowMs).toISOString()
  return {
    changes: { added, resolved, unchanged, since: last?.at },
    state: { schema: SCHEMA, at, problems: [...problems, ...kept] },
  }
}

function keyOf({ id, subject }: Pick<Finding, 'id' | 'subject'>): string {
  return `${id} ${subject}`
}

function readState(file: string): State | undefined {
  if (!existsSync(file)) return undefined
  try {
    return zState.parse(JSON.parse(readTextFile(file)))
  } catch {
    throw new CliError(
      EXIT.usage,
      `${file} was not written by --since-last`,
      'name another file, or delete it',
    )
  }
}

function writeState(file: string, text: string): void {
  try {
    writeFileSync(file, text)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new CliError(EXIT.usage, `${file} cannot be written: ${why}`, 'name a file in an existing folder')
  }
}
