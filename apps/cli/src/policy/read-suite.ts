// Reads a policy test suite from a file or standard input; problems are printed with their line.
import { type PolicySuite, zPolicySuite } from '@crosswalk/protocol'

import { CliError } from '../cli-error.ts'
import { printProblems, reportProblems } from '../configuration/configuration-file.ts'
import { EXIT } from '../exit-codes.ts'
import { type CommandTerminal, nameInput, readInput } from '../terminal.ts'

/** @param file - `-` for standard input */
export async function readSuite(terminal: CommandTerminal, file: string): Promise<PolicySuite> {
  const { loadObject, readBySchema } = await import('@crosswalk/control')
  const name = nameInput(file)
  const { object, problems, lineOf } = loadObject(await readInput(terminal, file), name, terminal.env)
  await reportProblems(terminal, problems)
  const read = object === undefined ? undefined : readBySchema(zPolicySuite, object)
  if (read !== undefined && 'data' in read) return read.data
  printProblems(terminal, read?.errors ?? [], (path) => `${name}:${lineOf(path)}`)
  throw new CliError(
    EXIT.usage,
    `${name} is not a policy test suite`,
    object === undefined
      ? 'write `suite` with a name and `tests` with a list of tests; see docs/how-to/test-policies.md'
      : 'fix the problems listed, and try again',
  )
}
