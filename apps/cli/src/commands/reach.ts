// `crosswalk who-can` and `what-can`: which apps reach what, for whom; the simulator asked backwards.
import { type Page, type ReachBody, readPages } from '@crosswalk/admin-api'
import type { Command } from 'commander'

import {
  type AdminCommand,
  type AdminOptions,
  parseLimit,
  parseMoment,
  withAdmin,
} from '../admin/admin-options.ts'
import { addListOptions, writeList } from '../admin/write-list.ts'
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import type { CommandTerminal } from '../terminal.ts'

interface ReachOptions extends AdminOptions {
  readonly limit: number
  readonly acr?: string
  readonly authTime?: string
  readonly asOf?: string
  readonly app?: string
  readonly user?: string
}

export function addReachCommands(program: Command, terminal: CommandTerminal): void {
  const who = addReachOptions(
    program
      .command('who-can')
      .description('list which apps can reach a resource, for whom; by the rules in force, nothing is issued')
      .argument('<resource>', 'id of a resource app, or a resource identifier')
      .argument('[scope]', 'only this scope'),
  )
  addListOptions(who).action((resource: string, scope: string | undefined, options: ReachOptions) =>
    withAdmin(terminal, options, (admin) => {
      const about = { ...readCircumstances(options, terminal), ...(scope === undefined ? {} : { scope }) }
      return list(
        admin,
        options,
        async (page) =>
          (await admin.client.call('reach.who', { query: { resource, ...about, ...page } })).body,
      )
    }),
  )
  const what = addReachOptions(
    program
      .command('what-can')
      .description('list what an app can reach, or what can be reached for a person')
      .option('--app <id>', 'the requesting app')
      .option('--user <id-or-name>', 'the person'),
  )
  addListOptions(what).action((options: ReachOptions) =>
    withAdmin(terminal, options, (admin) => {
      const { app, user } = options
      if (app === undefined && user === undefined)
        throw new CliError(EXIT.usage, 'neither app nor person is named', 'add --app or --user')
      const about = {
        ...readCircumstances(options, terminal),
        ...(app === undefined ? {} : { app }),
        ...(user === undefined ? {} : { user }),
      }
      return list(
        admin,
        options,
        async (page) => (await admin.client.call('reach.what', { query: { ...about, ...page } })).body,
      )
    }),
  )
}

function addReachOptions(command: Command): Command {
  return command
    .option('--acr <acr>', 'how the person signed in')
    .option('--auth-time <moment>', 'when the person signed in; just now unless given')
    .option('--as-of <moment>', 'by the definitions of this moment; RFC 3339, or an age such as 2d')
    .option('--limit <number>', 'how many at most', parseLimit, 200)
}

function readCircumstances({ acr, authTime, asOf }: ReachOptions, terminal: CommandTerminal) {
  return {
    ...(asOf === undefined ? {} : { asOf: parseMoment(asOf, terminal.nowMs()) }),
    ...(acr === undefined ? {} : { acr }),
    ...(authTime === undefined ? {} : { authTime: parseMoment(authTime, terminal.nowMs()) }),
  }
}

/** Nobody and nothing is a valid answer, and a no. */
async function list(
  { terminal, options }: AdminCommand,
  { limit }: ReachOptions,
  read: (page: { readonly limit: number; readonly cursor?: string }) => Promise<Page<ReachBody>>,
): Promise<void> {
  const { items, truncated } = await readPages(limit, read)
  const rows = items.map(({ app, username, resourceApp, resource, scopes, afterStepUp, connection }) => [
    app,
    username,
    resource ?? resourceApp,
    scopes.join(' '),
    afterStepUp.map(renderStepUp).join('; '),
    connection,
  ])
  const headings = ['app', 'for', 'resource', 'scopes', 'after signing in again', 'connection']
  writeList({ terminal, options }, { schema: 'crosswalk.reach/v1', items, truncated, headings, rows })
  if (items.length === 0) terminal.endWith(EXIT.negative)
}

function renderStepUp({ scopes, acrValues, maxAgeSeconds }: ReachBody['afterStepUp'][number]): string {
  const how = [
    ...(acrValues === undefined ? [] : [`acr ${acrValues.join(' or ')}`]),
    ...(maxAgeSeconds === undefined ? [] : [`no older than ${maxAgeSeconds} s`]),
  ]
  return `${scopes.join(' ')} (${how.join(', ')})`
}
