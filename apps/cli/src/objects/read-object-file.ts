// Reads one object from a file or standard input; problems that the server finds in it are printed with their line.
import { AdminApiError } from '@crosswalk/admin-api'

import { reportProblems, printProblems } from '../configuration/configuration-file.ts'
import { type CommandTerminal, nameInput, readInput } from '../terminal.ts'
import type { Members } from './flags.ts'

export interface ObjectFile {
  /** Undefined if no file was given */
  readonly members: Members | undefined
  /** The revision of the object that was saved in the file, if the file has it */
  readonly revision: number | undefined
  /** @returns the error to end with, after printing the problems, except those that name an option */
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
  const name = nameInput(file)
  const { object, problems, lineOf } = loadObject(await readInput(terminal, file), name, terminal.env)
  const wrong = await reportProblems(terminal, problems)
  if (object === undefined) throw wrong
  // `show -o json` adds the schema.
  const { schema: _, ...members } = object
  return {
    members,
    revision: typeof members.revision === 'number' ? members.revision : undefined,
    explain(error) {
      if (!(error instanceof AdminApiError) || error.problem?.errors === undefined) return error
      const inFile = error.problem.errors.filter(({ path }) => !path.startsWith('-'))
      printProblems(terminal, inFile, (path) => `${name}:${lineOf(path)}`)
      return error
    },
  }
}
