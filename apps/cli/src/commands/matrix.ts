// `crosswalk matrix`: which people may be acted for over which connections, decided for each without asking anybody.
import type { AnswerTo } from '@crosswalk/admin-api'
import type { Command } from 'commander'

import { type AdminOptions, parseAddress, parseMoment, withAdmin } from '../admin/admin-options.ts'
import { addListOptions, writeList } from '../admin/write-list.ts'
import { loadDraft } from '../configuration/load-draft.ts'
import { nameOutcome } from '../decision/render-decision.ts'
import { EXIT } from '../exit-codes.ts'
import type { CommandTerminal } from '../terminal.ts'

interface MatrixOptions extends AdminOptions {
  readonly user?: readonly string[]
  readonly group?: readonly string[]
  readonly connection?: readonly string[]
  readonly scope?: string
  readonly at?: string
  readonly acr?: string
  readonly authTime?: string
  readonly dpop?: true
  readonly ip?: string
  readonly asOf?: string
  readonly draft?: readonly string[]
}

export function addMatrixCommand(program: Command, terminal: CommandTerminal): void {
  const command = program
    .command('matrix')
    .description('decide for many people over many connections at once; nothing is issued')
    .option('--user <ids-or-names...>', 'these people; everybody unless people or groups are named')
    .option('--group <names...>', 'members of these groups')
    .option('--connection <ids...>', 'these connections; all unless named')
    .option('--scope <scopes>', 'scopes, with spaces between; whatever is allowed unless given')
    .option('--at <moment>', 'when; now unless given')
    .option('--acr <acr>', 'how the people signed in')
    .option('--auth-time <moment>', 'when they signed in; just now unless given')
    .option('--dpop', 'with DPoP proofs')
    .option('--ip <address>', 'where the requests come from', parseAddress)
    .option('--as-of <moment>', 'by the definitions of this moment; RFC 3339, or an age such as 2d')
    .option('--draft <files...>', 'as if these documents were applied')
  addListOptions(command).action((options: MatrixOptions) =>
    withAdmin(terminal, options, async ({ client }) => {
      const draft = options.draft && (await loadDraft(terminal, options.draft))
      const body = {
        ...readQuestion(options, terminal.nowMs()),
        ...(draft === undefined ? {} : { draft: draft.document }),
      }
      const ask = () => client.call('simulate.matrix', { body })
      const { body: matrix } = await (draft === undefined ? ask() : draft.ask('/draft', ask))
      write(terminal, options, matrix)
      if (matrix.allowed === 0) terminal.endWith(EXIT.negative)
    }),
  )
}

function readQuestion(options: MatrixOptions, now: number) {
  const { user, group, connection, scope, at, acr, authTime, dpop, ip, asOf } = options
  return {
    ...(user === undefined ? {} : { users: [...user] }),
    ...(group === undefined ? {} : { groups: [...group] }),
    ...(connection === undefined ? {} : { connections: [...connection] }),
    ...(scope === undefined ? {} : { scope }),
    ...(at === undefined ? {} : { at: parseMoment(at, now) }),
    ...(acr === undefined ? {} : { acr }),
    ...(authTime === undefined ? {} : { authTime: parseMoment(authTime, now) }),
    ...(dpop === undefined ? {} : { dpop }),
    ...(ip === undefined ? {} : { ip }),
    ...(asOf === undefined ? {} : { asOf: parseMoment(asOf, now) }),
  }
}

/** For people a mark and the code, for spreadsheets the outcome in a word. */
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
