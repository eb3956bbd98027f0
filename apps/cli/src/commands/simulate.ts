// `crosswalk simulate`: what the token endpoint would decide, without asking it.
import type { OpenInput } from '@crosswalk/protocol'
import { type Command, Option } from 'commander'

import {
  addAdminOptions,
  type AdminOptions,
  parseAddress,
  parseMoment,
  withAdmin,
} from '../admin/admin-options.ts'
import { loadDraft } from '../configuration/load-draft.ts'
import { renderSimulation } from '../decision/render-simulation.ts'
import { EXIT } from '../exit-codes.ts'
import { writeJson } from '../output.ts'
import type { CommandTerminal } from '../terminal.ts'

interface SimulateOptions extends AdminOptions {
  readonly app: string
  readonly user: string
  readonly audience: string
  readonly resource?: readonly string[]
  readonly scope?: string
  readonly at?: string
  readonly acr?: string
  readonly authTime?: string
  readonly tokenIssued?: string
  readonly dpop?: true
  readonly ip?: string
  readonly actor?: string
  readonly unknown?: readonly (keyof typeof OPEN)[]
  readonly asOf?: string
  readonly draft?: readonly string[]
}

/** As options are spelled. */
const OPEN = {
  'auth-time': 'authTime',
  acr: 'acr',
  ip: 'ip',
  dpop: 'dpop',
  volume: 'volume',
} as const satisfies Readonly<Record<string, OpenInput>>

export function addSimulateCommand(program: Command, terminal: CommandTerminal): void {
  const command = program
    .command('simulate')
    .description('decide a request that nobody made, by the rules in force; nothing is issued')
    .requiredOption('--app <id>', 'the requesting app; of one that describes itself the URL of its document')
    .requiredOption('--user <id-or-name>', 'the person')
    .requiredOption('--audience <issuer>', 'issuer of the authorization server of the resource')
    .option('--resource <uri...>', 'the resource; several one after the other')
    .option('--scope <scopes>', 'scopes, with spaces between')
    .option('--at <moment>', 'when; now unless given')
    .option('--acr <acr>', 'how the person signed in')
    .option('--auth-time <moment>', 'when the person signed in; just now unless given')
    .option('--token-issued <moment>', 'when the ID token was issued; just now unless given')
    .addOption(new Option('--dpop', 'with a DPoP proof'))
    .option('--ip <address>', 'where the request comes from', parseAddress)
    .option('--actor <id>', 'the app that proves to act, by an actor token')
    .addOption(
      new Option(
        '--unknown <inputs...>',
        'what is not known: every case that is decided differently is told',
      ).choices(Object.keys(OPEN)),
    )
    .option('--as-of <moment>', 'by the definitions of this moment; RFC 3339, or an age such as 2d')
    .option('--draft <files...>', 'as if these documents were applied')
  addAdminOptions(command).action((options: SimulateOptions) =>
    withAdmin(terminal, options, async ({ client }) => {
      const now = terminal.nowMs()
      const draft = options.draft && (await loadDraft(terminal, options.draft))
      const body = {
        ...readQuestion(options, now),
        ...(draft === undefined ? {} : { draft: draft.document }),
      }
      const ask = () => client.call('simulate', { body })
      const { body: record } = await (draft === undefined ? ask() : draft.ask('/draft', ask))
      if (options.output === 'json') writeJson(terminal, record)
      else terminal.writeOut(renderSimulation(record))
      if (record.outcome !== 'allow') terminal.endWith(EXIT.negative)
    }),
  )
}

function readQuestion(options: SimulateOptions, now: number) {
  const { app, user, audience, resource, scope, at, acr, authTime, tokenIssued, dpop, ip } = options
  const { actor, unknown, asOf } = options
  return {
    app,
    user,
    audience,
    ...(resource === undefined ? {} : { resource: [...resource] }),
    ...(scope === undefined ? {} : { scope }),
    ...(at === undefined ? {} : { at: parseMoment(at, now) }),
    ...(acr === undefined ? {} : { acr }),
    ...(authTime === undefined ? {} : { authTime: parseMoment(authTime, now) }),
    ...(tokenIssued === undefined ? {} : { tokenIssuedAt: parseMoment(tokenIssued, now) }),
    ...(dpop === undefined ? {} : { dpop }),
    ...(ip === undefined ? {} : { ip }),
    ...(actor === undefined ? {} : { actor }),
    ...(unknown === undefined ? {} : { unknown: unknown.map((name) => OPEN[name]) }),
    ...(asOf === undefined ? {} : { asOf: parseMoment(asOf, now) }),
  }
}
