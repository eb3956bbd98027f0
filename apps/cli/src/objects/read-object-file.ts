// One object from a file or standard input, and what the server finds wrong with it told with its line.
import { AdminApiError } from '@crosswalk/admin-api'

import { CliError } from '../cli-error.ts'
import { reportProblems, tellProblems } from '../configuration/configuration-file.ts'
import { EXIT } from '../exit-codes.ts'
import { type CommandTerminal, readInput } from '../terminal.ts'
import type { Members } from './flags.ts'

export interface ObjectFile {
  /** Undefined: no file was named */
  readonly members: Members | undefined
  /** Which revision of the object was written to the file, where it says so */
  readonly revision: number | undefined
  /** @returns the error to end with, after what is wrong was told */
  explain(error: unknown): unknown
}

const NO_FILE: ObjectFile = { members: undefined, revision: undefined, explain: (error) => error }

/** @param file - `-` for standard input */
export async function readObjectFile(
  terminal: CommandTerminal,
  file: string | undefined,
): Promise<ObjectFile> {
  if (file === undefined) return NO_FILE
  const { loadObject } = await import('@crosswalk/control')
  const name = file === '-' ? 'standard input' : file
  const { object, problems, lineOf } = loadObject(await readInput(terminal, file), name, terminal.env)
  await reportProblems(terminal, problems)
  if (object === undefined)
    throw new CliError(EXIT.usage, `${name} cannot be used`, 'fix the problems listed, and try again')
  // As `show -o json` writes it.
  const { schema: _, ...members } = object
  return {
    members,
    revision: typeof members.revision === 'number' ? members.revision : undefined,
    explain(error) {
      if (!(error instanceof AdminApiError) || error.problem?.errors === undefined) return error
      tellProblems(terminal, error.problem.errors, (path) => `${name}:${lineOf(path)}`)
      return error
    },
  }
}
