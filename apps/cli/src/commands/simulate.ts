// `crosswalk simulate`: what the token endpoint would decide, without a real request.
import { type AdminClient, type CallTo, ROUTES } from '@crosswalk/admin-api'
import type { OpenInput } from '@crosswalk/protocol'
import { type Command, Option } from 'commander'

import { addAdminOptions, type AdminOptions, withAdmin } from '../admin/admin-options.ts'
import { addOptions, listOptions, type OptionChanges, readOptions } from '../admin/route-options.ts'
import { sanitize } from '../admin/table.ts'
import { loadDraft } from '../configuration/load-draft.ts'
import { renderSimulation } from '../decision/render-simulation.ts'
import { EXIT } from '../exit-codes.ts'
import { writeJson } from '../output.ts'
import type { CommandTerminal } from '../terminal.ts'

interface SimulateOptions extends AdminOptions {
  readonly connection?: string
  readonly unknown?: readonly (keyof typeof OPEN)[]
  readonly draft?: readonly string[]
}

/** By option spelling. */
const OPEN = {
  'auth-time': 'authTime',
  acr: 'acr',
  ip: 'ip',
  dpop: 'dpop',
  volume: 'volume',
} as const satisfies Readonly<Record<string, OpenInput>>

const CHANGES: OptionChanges = {
  app: {
    flags: '--app <id>',
    description: 'the requesting app; with a client metadata document, its URL',
  },
  audience: {
    flags: '--audience <issuer>',
    description: 'issuer of the resource’s authorization server',
  },
  resource: { flags: '--resource <uri...>', description: 'the resource; can be repeated' },
  scope: { flags: '--scope <scopes>', description: 'scopes, separated by spaces' },
  tokenIssuedAt: 'when the ID token was issued; default: now',
  actor: { flags: '--actor <id>', description: 'the acting app, proved by an actor token' },
  via: {
    flags: '--via <connections...>',
    description: 'connections that led to the access token it exchanges, in order',
  },
  viaScope: { flags: '--via-scope <scopes>', description: 'scopes of that access token; default: all' },
  authorizationDetails: null,
  unknown: null,
  draft: null,
}

const GIVEN_BY_CONNECTION: ReadonlySet<string> = new Set(['app', 'audience'])

export function addSimulateCommand(program: Command, terminal: CommandTerminal): void {
  const command = program
    .command('simulate')
    .description('evaluate a hypothetical request; no token is issued')
  // Their own for each run, because a connection makes some of them optional.
  const question = listOptions(ROUTES.simulate.body, CHANGES)
  command.option('--connection <id>', 'takes app, audience and resources from this connection')
  addOptions(command, question)
    .addOption(
      new Option(
        '--unknown <inputs...>',
        'inputs that are unknown: lists every case with a different result',
      ).choices(Object.keys(OPEN)),
    )
    .option('--draft <files...>', 'as if these documents were applied; - for standard input')
  command.on('option:connection', () => {
    for (const { member, option } of question) if (GIVEN_BY_CONNECTION.has(member)) option.mandatory = false
  })
  addAdminOptions(command).action((options: SimulateOptions) =>
    withAdmin(terminal, options, async ({ client }) => {
      const draft = options.draft && (await loadDraft(terminal, options.draft))
      const { connection, unknown } = options
      const body = {
        ...(connection === undefined ? {} : await readEnds(client, connection)),
        ...readOptions(question, { ...options }, { nowMs: terminal.nowMs(), direction: 'ago' }),
        ...(unknown === undefined ? {} : { unknown: unknown.map((name) => OPEN[name]) }),
        ...(draft === undefined ? {} : { draft: draft.document }),
      } as CallTo<'simulate'>['body']
      const ask = () => client.call('simulate', { body })
      const { body: record } = await (draft === undefined ? ask() : draft.ask('/draft', ask))
      if (options.output === 'json') writeJson(terminal, record)
      else terminal.writeOut(renderSimulation(record, terminal))
      // The record says what the client would learn: that its authentication failed.
      if (record.request.requesting_app === null)
        terminal.writeErr(
          sanitize(
            `there is no app ${body.app}; list them with: ${terminal.suggest('npx crosswalk app list')}`,
          ).concat('\n'),
        )
      if (record.outcome !== 'allow') terminal.endWith(EXIT.negative)
    }),
  )
}

type Ends = Pick<CallTo<'simulate'>['body'], 'app' | 'audience' | 'resource'>

/** The two apps that a connection connects, as a request names them. */
async function readEnds(client: AdminClient, id: string): Promise<Ends> {
  const { body: connection } = await client.call('connections.read', { params: { id } })
  const { body: target } = await client.call('resource-apps.read', { params: { id: connection.resourceApp } })
  return { app: connection.app, audience: target.issuer, resource: connection.resources }
}
