// Prints a trace without certain names. Tokens, secrets and e-mail addresses are removed again, because the file may have
// been edited since it was saved.
import { randomBytes } from 'node:crypto'

import { createTraceRedactor, parseTrace } from '@crosswalk/lab'

import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import type { CommandTerminal } from '../terminal.ts'
import { readTraceFile } from './read-trace-file.ts'

export async function redactTrace(
  terminal: CommandTerminal,
  file: string | undefined,
  names: readonly string[],
): Promise<void> {
  const trace = await readTraceFile(terminal, file)
  const redact = createTraceRedactor({ salt: randomBytes(16).toString('hex'), secrets: [], names })
  const text = `${JSON.stringify(redact(trace), null, 2)}\n`
  // A name can be a word of the format itself, such as `exchange`.
  if (!parseTrace(text).accepted)
    throw new CliError(
      EXIT.usage,
      'the trace would not be readable without this text',
      'hide longer text, such as a whole host name',
    )
  terminal.writeOut(text)
}
