// `crosswalk keys`: the signing keys of a running server, listed and rotated.
import { type KeyView, readPages } from '@crosswalk/admin-api'
import type { Command } from 'commander'

import { addAdminOptions, type AdminOptions, withAdmin } from '../admin/admin-options.ts'
import { renderTable } from '../admin/table.ts'
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { writeJson } from '../output.ts'
import type { CommandTerminal } from '../terminal.ts'

const MOST_KEYS = 1000

export function addKeyCommands(program: Command, terminal: CommandTerminal): void {
  const keys = program.command('keys').description('work with signing keys')
  addAdminOptions(keys.command('list').description('list the signing keys of every server')).action(
    (options: AdminOptions) =>
      withAdmin(terminal, options, async ({ client }) => {
        const { items } = await readPages(
          MOST_KEYS,
          async (query) => (await client.call('keys.list', { query })).body,
        )
        showKeys(terminal, options, items)
      }),
  )
  const rotate = keys
    .command('rotate')
    .description('publish the next key, which signs after an hour; in an emergency replace it at once')
    .argument('<owner>', 'idp, or as: and an id')
    .argument('<purpose>', 'id-token, id-jag or access-token')
    .requiredOption('--reason <text>', 'why, for the audit log')
    .option('--emergency', 'sign with a new key at once, and end what the old one signed')
    .option('--yes', 'yes, end what the old key signed')
  addAdminOptions(rotate).action(
    (
      owner: string,
      purpose: string,
      options: AdminOptions & { reason: string; emergency?: true; yes?: true },
    ) =>
      withAdmin(terminal, options, async ({ client }) => {
        const { reason, emergency = false, yes = false } = options
        if (emergency && !yes)
          throw new CliError(
            EXIT.usage,
            `everything the ${purpose} key of ${owner} signed would end at once; nothing was done`,
            'add --yes if that is what you want',
          )
        const { body } = await client.call('keys.rotate', {
          params: { owner, purpose },
          body: { reason, emergency },
        })
        showKeys(terminal, options, body.items)
      }),
  )
}

function showKeys(terminal: CommandTerminal, { output }: AdminOptions, items: readonly KeyView[]): void {
  if (output === 'json') return writeJson(terminal, { schema: 'crosswalk.keys/v1', items })
  const rows = items.map(({ owner, purpose, kid, algorithm, state, createdAt, retireAt }) => [
    owner,
    purpose,
    state,
    algorithm,
    kid,
    createdAt,
    retireAt,
  ])
  terminal.writeOut(
    renderTable(['owner', 'purpose', 'state', 'algorithm', 'kid', 'created', 'published until'], rows),
  )
}
