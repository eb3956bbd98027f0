// `crosswalk matrix`: which users each connection lets an app act for, evaluated without making requests.
import { type AnswerTo, type CallTo, ROUTES } from '@crosswalk/admin-api'
import type { Command } from 'commander'

import { type AdminOptions, withAdmin } from '../admin/admin-options.ts'
import { addOptions, listOptions, readOptions } from '../admin/route-options.ts'
import { addListOptions, writeList } from '../admin/write-list.ts'
import { loadDraft } from '../configuration/load-draft.ts'
import { nameOutcome } from '../decision/render-decision.ts'
import { EXIT } from '../exit-codes.ts'
import { whileWaiting } from '../progress/progress.ts'
import type { CommandTerminal } from '../terminal.ts'

type MatrixOptions = AdminOptions & { readonly draft?: readonly string[] }

const QUESTION = listOptions(ROUTES['simulate.matrix'].body, {
  users: {
    flags: '--user <ids-or-names...>',
    description: 'these users; default: all',
  },
  groups: { flags: '--group <names...>', description: 'members of these groups' },
  connections: { flags: '--connection <ids...>', description: 'these connections; default: all' },
  scope: {
    flags: '--scope <scopes>',
    description: 'scopes, separated by spaces; default: all that are allowed',
  },
  draft: null,
})

export function addMatrixCommand(program: Command, terminal: CommandTerminal): void {
  const command = program
    .command('matrix')
    .description('evaluate many users over many connections; no token is issued')
    .option('--draft <files...>', 'as if these documents were applied; - for standard input')
  addListOptions(addOptions(command, QUESTION), ['for', 'CONNECTION …']).action((options: MatrixOptions) =>
    withAdmin(terminal, options, async ({ client }) => {
      const draft = options.draft && (await loadDraft(terminal, options.draft))
      const body: CallTo<'simulate.matrix'>['body'] = {
        ...readOptions(QUESTION, { ...options }, { nowMs: terminal.nowMs(), direction: 'ago' }),
        ...(draft === undefined ? {} : { draft: draft.document }),
      }
      const ask = () => client.call('simulate.matrix', { body })
      const { body: matrix } = await whileWaiting(
        terminal,
        'evaluating',
        draft === undefined ? ask() : draft.ask('/draft', ask),
      )
      write(terminal, options, matrix)
      if (matrix.allowed === 0) terminal.endWith(EXIT.negative)
    }),
  )
}

/** The terminal shows a symbol and the code; CSV has the outcome as a word. */
function write(
  terminal: CommandTerminal,
  options: MatrixOptions,
  { connections, rows }: AnswerTo<'simulate.matrix'>,
): void {
  const ids = connections.map(({ id }) => id)
  writeList(
    { terminal, options },
    {
      schema: 'crosswalk.matrix/v1',
      items: rows.map(({ user, username, cells }) => ({
        user,
        username,
        cells: cells.map((cell, at) => ({ connection: ids[at], ...cell })),
      })),
      headings: ['for', ...ids],
      rows: rows.map(({ username, cells }) => [
        username,
        ...cells.map(({ outcome, code }) =>
          options.output === 'csv'
            ? `${outcome} ${code}`
            : `${nameOutcome(outcome, code).slice(0, 1)} ${code}`,
        ),
      ]),
    },
  )
}
