// Shows a trace in the terminal: the result first, then every step.
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { type OutputFormat, writeJson } from '../output.ts'
import { type CommandTerminal, readInput } from '../terminal.ts'
import { fromTrace, parseTrace } from '@crosswalk/lab'
import { judgeRun, renderTrace } from './render-trace.ts'

export async function viewTrace(
  terminal: CommandTerminal,
  file: string | undefined,
  output: OutputFormat,
): Promise<void> {
  const parsed = parseTrace(await readInput(terminal, file))
  if (!parsed.accepted)
    throw new CliError(EXIT.usage, parsed.refusal, 'use a file saved with “Save trace” in the playground')
  if (output === 'json') writeJson(terminal, parsed.value)
  else terminal.writeOut(renderTrace(parsed.value, terminal.nowMs() / 1000))
  terminal.endWith(EXIT_CODES[judgeRun(fromTrace(parsed.value))])
}

const EXIT_CODES = { good: EXIT.done, bad: EXIT.negative, open: EXIT.inconclusive } as const
