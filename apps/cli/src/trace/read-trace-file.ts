// Reads a trace from a file or standard input.
import { parseTrace, type Trace } from '@crosswalk/lab'

import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { type CommandTerminal, readInput } from '../terminal.ts'

export async function readTraceFile(terminal: CommandTerminal, file: string | undefined): Promise<Trace> {
  const parsed = parseTrace(await readInput(terminal, file))
  if (parsed.accepted) return parsed.value
  throw new CliError(EXIT.usage, parsed.refusal, 'use a file saved with “Save trace” in the playground')
}
