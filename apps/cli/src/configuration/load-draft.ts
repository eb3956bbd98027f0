// Loads definitions from files, as a plan or as a draft for "what if" questions; problems that the server finds in them
// are printed with file and line.
import { AdminApiError, type CallTo } from '@crosswalk/admin-api'

import { CliError } from '../cli-error.ts'
import { reportProblems, printProblems, type ReportedProblem } from './configuration-file.ts'
import { EXIT } from '../exit-codes.ts'
import { count } from '../output.ts'
import { type CommandTerminal, readInput, STDIN } from '../terminal.ts'

export interface Draft {
  readonly document: CallTo<'replay'>['body']['document']
  /**
   * Sends a request with the draft.
   *
   * @param at - JSON Pointer of the draft in the request body
   * @throws CliError if the draft has problems, after printing them
   */
  ask<T>(at: string, question: () => Promise<T>): Promise<T>
  /** Prints the problems. @returns the error to end with */
  fail(problems: readonly ReportedProblem[]): CliError
}

/**
 * @param files - `-` for standard input
 * @param what - its name in messages
 */
export async function loadDraft(
  terminal: CommandTerminal,
  files: readonly string[],
  what = 'draft',
): Promise<Draft> {
  const { loadDocument } = await import('@crosswalk/control')
  const piped = files.includes('-') ? await readPiped(terminal) : ''
  const sources = files.map((file) => (file === '-' ? { name: STDIN, text: piped } : file))
  const { document, problems, locate } = loadDocument(sources, terminal.env)
  const wrong = await reportProblems(terminal, problems)
  if (document === undefined) throw wrong
  const fail: Draft['fail'] = (wrong) => {
    printProblems(terminal, wrong, (pointer) => {
      const place = locate(pointer)
      return place && `${place.file}:${place.line}`
    })
    const message = `${count(wrong.length, 'problem')} in the ${what}; nothing was changed`
    return new CliError(EXIT.usage, message, 'fix the problems listed, and try again')
  }
  return {
    // The server validates the shape: it knows which members it supports.
    document: document as Draft['document'],
    fail,
    async ask(at, question) {
      try {
        return await question()
      } catch (error) {
        if (!(error instanceof AdminApiError)) throw error
        const errors = (error.problem?.errors ?? []).filter(
          ({ path }) => path === at || path.startsWith(`${at}/`),
        )
        if (errors.length === 0) throw error
        throw fail(errors.map((one) => ({ ...one, path: one.path.slice(at.length) })))
      }
    },
  }
}

/** An empty pipe is a failed command in front of it, not a document without differences. */
async function readPiped(terminal: CommandTerminal): Promise<string> {
  const text = await readInput(terminal, '-')
  if (text.trim() === '')
    throw new CliError(EXIT.usage, `${STDIN} is empty`, 'pipe the document into this command')
  return text
}
