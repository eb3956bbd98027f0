// `crosswalk access`: lists and revokes the live access tokens of this server.
import { readPages, ROUTES } from '@crosswalk/admin-api'
import type { Command } from 'commander'

import { addAdminOptions, type AdminCommand, type AdminOptions, withAdmin } from '../admin/admin-options.ts'
import { askConsent } from '../admin/consent.ts'
import { addList } from '../admin/route-commands.ts'
import { addOptions, listOptions } from '../admin/route-options.ts'
import { sanitize } from '../admin/table.ts'
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { count, writeJson } from '../output.ts'
import type { CommandTerminal } from '../terminal.ts'

interface Filters {
  readonly authorizationServer?: string
  readonly client?: string
  readonly subject?: string
  readonly user?: string
  readonly app?: string
  readonly connection?: string
}
type RevokeOptions = AdminOptions & Filters & { readonly reason?: string; readonly yes?: true }

/** Enough to count the tokens before they are revoked. */
const MAX_COUNTED = 10_000

export function addAccessCommands(program: Command, terminal: CommandTerminal): void {
  const access = program.command('access').description('list live access tokens, and revoke them')
  addList(access, terminal, {
    route: 'access-tokens.list',
    description: 'list live access tokens, newest first',
    options: FILTERS,
    schema: 'crosswalk.access-tokens/v1',
    columns: {
      id: ({ id }) => id,
      server: ({ authorizationServer }) => authorizationServer,
      client: ({ client }) => client,
      user: ({ user, account }) => user ?? account,
      connections: ({ connections }) => connections,
      scopes: ({ scope }) => scope,
      expires: ({ expiresAt }) => expiresAt,
      decision: ({ decision }) => decision,
    },
  })
  const revoke = addFilters(
    access
      .command('revoke')
      .description('revoke an access token, or all that match; `block` and `kill` prevent new ones')
      .argument('[id]', 'id, as `list` shows it'),
  )
    .option('--reason <text>', 'why, for the audit log')
    .option('--yes', 'revoke all that match without asking')
  addAdminOptions(revoke).action((id: string | undefined, options: RevokeOptions) =>
    withAdmin(terminal, options, (admin) => revokeTokens(admin, id, options)),
  )
}

/** Shared by both commands. */
const FILTERS = {
  authorizationServer: {
    flags: '--authorization-server <id>',
    description: 'the authorization server that issued it',
  },
  client: { flags: '--client <id>', description: 'client id there' },
  subject: { flags: '--subject <sub>', description: '`sub` of the ID-JAG it was issued for' },
} as const

function addFilters(command: Command): Command {
  return addOptions(command, listOptions(ROUTES['access-tokens.list'].query, FILTERS))
}

function pickFilters({ authorizationServer, client, subject, user, app, connection }: Filters): Filters {
  const filters = { authorizationServer, client, subject, user, app, connection }
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined))
}

function readTokens({ client }: AdminCommand, filters: Filters, limit: number) {
  return readPages(
    limit,
    async (page) =>
      (await client.call('access-tokens.list', { query: { ...pickFilters(filters), ...page } })).body,
  )
}

async function revokeTokens(
  admin: AdminCommand,
  id: string | undefined,
  options: RevokeOptions,
): Promise<void> {
  const { client, terminal } = admin
  const which = { ...pickFilters(options), ...(id === undefined ? {} : { id }) }
  if (Object.keys(which).length === 0)
    throw new CliError(EXIT.usage, 'no tokens selected', 'give an id, or select tokens with options')
  // A token named by id is revoked immediately; for a filter, the command first reports how many match.
  const consent = id === undefined ? options : { ...options, yes: true as const }
  const what = id === undefined ? await countMeant(admin, options) : sanitize(`${id} would be revoked`)
  const reason = await askConsent(terminal, consent, { what, word: 'yes' })
  const { body } = await client.call('access-tokens.revoke', { body: { ...which, reason } })
  if (id !== undefined && body.revokedTokens === 0)
    throw new CliError(
      EXIT.notFound,
      sanitize(`no live access token ${id}`),
      'list live tokens with `npx crosswalk access list`',
    )
  if (options.output === 'json')
    return writeJson(terminal, { schema: 'crosswalk.access-revocation/v1', ...body })
  terminal.writeOut(`✓ ${count(body.revokedTokens, 'access token')} revoked\n`)
}

async function countMeant(admin: AdminCommand, filters: Filters): Promise<string> {
  const { items, truncated } = await readTokens(admin, filters, MAX_COUNTED)
  return `${truncated ? 'more than ' : ''}${count(items.length, 'access token')} would be revoked`
}
