// Shows a trace in the terminal: the result first, then every step.
import { fromTrace } from '@crosswalk/lab'

import { EXIT } from '../exit-codes.ts'
import { type OutputFormat, writeJson } from '../output.ts'
import type { CommandTerminal } from '../terminal.ts'
import { readTraceFile } from './read-trace-file.ts'
import { judgeRun, renderTrace } from './render-trace.ts'

export async function viewTrace(
  terminal: CommandTerminal,
  file: string | undefined,
  output: OutputFormat,
): Promise<void> {
  const trace = await readTraceFile(terminal, file)
  if (output === 'json') writeJson(terminal, trace)
  else terminal.writeOut(renderTrace(trace, terminal.nowMs() / 1000, terminal))
  terminal.endWith(EXIT_CODES[judgeRun(fromTrace(trace))])
}

const EXIT_CODES = { good: EXIT.done, bad: EXIT.negative, open: EXIT.inconclusive } as const
