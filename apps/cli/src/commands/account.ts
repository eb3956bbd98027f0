// `crosswalk account`: accounts at an authorization server here, imported before their users arrive.
import { type AnswerTo, type CallTo, MAX_ACCOUNTS } from '@crosswalk/admin-api'
import { chunk } from '@crosswalk/protocol'
import type { Command } from 'commander'

import { readAccounts } from '../accounts/read-accounts.ts'
import { type AdminOptions, addAdminOptions, withAdmin } from '../admin/admin-options.ts'
import { addCall, addList } from '../admin/route-commands.ts'
import { EXIT } from '../exit-codes.ts'
import { count, writeJson } from '../output.ts'
import { type CommandTerminal, readTextFile } from '../terminal.ts'

type Imported = AnswerTo<'accounts.import'>
type Rows = CallTo<'accounts.import'>['body']['accounts']

export function addAccountCommands(program: Command, terminal: CommandTerminal): void {
  const account = program.command('account').description('manage accounts at an authorization server')
  addList(account, terminal, {
    route: 'accounts.list',
    description: 'list the accounts at an authorization server',
    options: { q: 'exact id, subject, own id or e-mail address' },
    schema: 'crosswalk.accounts/v1',
    columns: {
      id: ({ id }) => id,
      status: ({ status }) => status,
      'own id': ({ ownId }) => ownId,
      email: ({ email }) => email,
      subject: ({ subject }) => subject,
      issuer: ({ issuer }) => issuer,
      'further issuers': ({ further }) => further.map(({ issuer }) => issuer).join(', '),
    },
  })
  addImport(account, terminal)
  addCall(account, terminal, {
    verb: 'disable',
    route: 'accounts.disable',
    description: 'disable an account, and revoke its live tokens',
    schema: 'crosswalk.account/v1',
    render: ({ account: { id }, revokedTokens }) => [
      `✓ account ${id} disabled, tokens revoked: ${revokedTokens}`,
    ],
  })
  addCall(account, terminal, {
    verb: 'enable',
    route: 'accounts.enable',
    description: 'enable a disabled account',
    schema: 'crosswalk.account/v1',
    render: ({ account: { id } }) => [`✓ account ${id} enabled`],
  })
}

function addImport(group: Command, terminal: CommandTerminal): void {
  const command = group
    .command('import')
    .description('create accounts from a file: CSV, or one JSON object per line')
    .argument('<id>', 'id of the authorization server')
    .argument('<file>', 'columns: issuer, tenant, subject, ownId, email, emailVerified, name')
    .requiredOption('--reason <text>', 'why, for the audit log')
  addAdminOptions(command).action(
    (id: string, file: string, options: AdminOptions & { readonly reason: string }) => {
      const rows = readAccounts(readTextFile(file))
      return withAdmin(terminal, options, async ({ client }) => {
        const items: Imported['items'][number][] = []
        for (const accounts of chunk(rows, MAX_ACCOUNTS)) {
          const { body } = await client.call('accounts.import', {
            params: { id },
            body: { accounts: accounts as Rows, reason: options.reason },
          })
          items.push(...body.items)
        }
        const refused = items.flatMap(({ id: made, result }, index) =>
          made === null ? [{ row: index + 1, result }] : [],
        )
        const created = items.filter(({ result }) => result === 'created').length
        if (options.output === 'json')
          writeJson(terminal, { schema: 'crosswalk.account-import/v1', created, refused, items })
        else {
          terminal.writeOut(`✓ ${created} of ${count(items.length, 'account')} created\n`)
          for (const { row, result } of refused) terminal.writeOut(`✕ row ${row}: ${result}\n`)
        }
        if (refused.length > 0) terminal.endWith(EXIT.negative)
      })
    },
  )
}
