// Prints what differs between two traces.
import { compareTraces, type TraceDifference } from '@crosswalk/lab'
import { STEP_WORDS } from '@crosswalk/playground'

import { sanitize } from '../admin/table.ts'
import { EXIT } from '../exit-codes.ts'
import { count, type OutputFormat, writeJson } from '../output.ts'
import type { CommandTerminal } from '../terminal.ts'
import { readTraceFile } from './read-trace-file.ts'

interface Compared {
  readonly before: string
  readonly after: string
  readonly output: OutputFormat
}

export async function compareTraceFiles(
  terminal: CommandTerminal,
  { before, after, output }: Compared,
): Promise<void> {
  const differences = compareTraces(
    await readTraceFile(terminal, before),
    await readTraceFile(terminal, after),
  )
  if (output === 'json')
    writeJson(terminal, {
      schema: 'crosswalk.trace-comparison/v1',
      same: differences.length === 0,
      differences: differences.map((one) => ({
        ...one,
        before: one.before ?? null,
        after: one.after ?? null,
      })),
    })
  else terminal.writeOut(renderDifferences(differences))
  if (differences.length > 0) terminal.endWith(EXIT.negative)
}

function renderDifferences(differences: readonly TraceDifference[]): string {
  if (differences.length === 0) return '✓ no difference\n'
  const lines = [...Map.groupBy(differences, ({ step }) => step)].flatMap(([step, ofStep]) => [
    STEP_WORDS[step].title,
    ...ofStep.flatMap(({ what, before, after }) => [
      `  ${what}`,
      `    - ${before ?? 'absent'}`,
      `    + ${after ?? 'absent'}`,
    ]),
  ])
  return `${[`✕ ${count(differences.length, 'difference')}`, ...lines].map(sanitize).join('\n')}\n`
}
