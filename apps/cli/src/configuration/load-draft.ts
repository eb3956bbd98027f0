// A draft of definitions for questions such as "what if this were applied": read from files, and what the server finds
// wrong with it told with file and line.
import { AdminApiError, type CallTo } from '@crosswalk/admin-api'

import { sanitize } from '../admin/table.ts'
import { CliError } from '../cli-error.ts'
import { reportProblems } from './configuration-file.ts'
import { EXIT } from '../exit-codes.ts'
import type { CommandTerminal } from '../terminal.ts'

export interface Draft {
  readonly document: CallTo<'replay'>['body']['document']
  /**
   * Asks a question about the draft.
   *
   * @param at - JSON Pointer of the draft in what is sent
   * @throws CliError where the draft has problems, after printing them
   */
  ask<T>(at: string, question: () => Promise<T>): Promise<T>
}

export async function loadDraft(terminal: CommandTerminal, files: readonly string[]): Promise<Draft> {
  const { loadDocument } = await import('@crosswalk/control')
  const { document, problems, locate } = loadDocument(files, terminal.env)
  await reportProblems(terminal, problems)
  if (document === undefined)
    throw new CliError(EXIT.usage, 'the draft cannot be used', 'fix the problems listed, and try again')
  return {
    document: document as Draft['document'],
    async ask(at, question) {
      try {
        return await question()
      } catch (error) {
        if (!(error instanceof AdminApiError) || error.problem?.errors === undefined) throw error
        const errors = error.problem.errors.filter(({ path }) => path.startsWith(`${at}/`))
        if (errors.length === 0) throw error
        for (const { path, problem } of errors) {
          const pointer = path.slice(at.length)
          const place = locate(pointer)
          const where = place === undefined ? pointer : `${place.file}:${place.line}`
          terminal.writeErr(sanitize(`${where}: ${problem}`).concat('\n'))
        }
        throw new CliError(EXIT.usage, 'the draft has problems', 'fix the problems listed, and try again')
      }
    },
  }
}
