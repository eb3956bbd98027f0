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
type ReportedProblem = z.infer<typeof zState>['problems'][number]

export interface Changes {
  /** Problems that are new, or have another severity */
  readonly added: readonly Finding[]
  readonly resolved: readonly ReportedProblem[]
  /** Number of problems that are the same */
  readonly unchanged: number
  /** When the file was written; undefined if this is the first run */
  readonly since: string | undefined
}

/** Replaces the file. A check that was skipped this time leaves the last result of its problem. */
export function updateState(file: string, findings: readonly Finding[], nowMs: number): Changes {
  const last = readState(file)
  const before = new Map((last?.problems ?? []).map((problem) => [keyOf(problem), problem]))
  const skipped = new Set(findings.filter(({ result }) => result === 'skipped').map(keyOf))
  const problems = findings.filter(isProblem)
  const now = new Set(problems.map(keyOf))
  const kept = [...before].flatMap(([key, problem]) => (skipped.has(key) && !now.has(key) ? [problem] : []))
  const added = problems.filter((finding) => before.get(keyOf(finding))?.result !== finding.result)
  const resolved = [...before].flatMap(([key, problem]) =>
    now.has(key) || skipped.has(key) ? [] : [problem],
  )
  const state = {
    schema: SCHEMA,
    at: new Date(nowMs).toISOString(),
    problems: [
      ...problems.map(({ id, title, subject, result }) => ({ id, title, subject, result })),
      ...kept,
    ],
  }
  writeState(file, `${JSON.stringify(state, null, 2)}\n`)
  return { added, resolved, unchanged: problems.length - added.length + kept.length, since: last?.at }
}

function isProblem({ result }: Finding): boolean {
  return result === 'fail' || result === 'warn' || result === 'info'
}

function keyOf({ id, subject }: Pick<Finding, 'id' | 'subject'>): string {
  return `${id} ${subject}`
}

function readState(file: string): z.infer<typeof zState> | undefined {
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
