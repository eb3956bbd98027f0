// `crosswalk credential`: the vault's credentials for brokered resource apps. Secrets are read from a file or a pipe,
// since arguments end up in shell histories and process lists.
import type { AnswerTo } from '@crosswalk/admin-api'
import type { Command } from 'commander'

import { type AdminOptions, addAdminOptions, withAdmin } from '../admin/admin-options.ts'
import { addCall, addList } from '../admin/route-commands.ts'
import { resolveUser } from '../admin/resolve-user.ts'
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { writeJson } from '../output.ts'
import { type CommandTerminal, readTextFile } from '../terminal.ts'

type Item = AnswerTo<'stored-credentials.list'>['items'][number]

export function addCredentialCommands(program: Command, terminal: CommandTerminal): void {
  const credential = program
    .command('credential')
    .description('manage credentials of brokered resource apps, in the vault')
  addList(credential, terminal, {
    route: 'stored-credentials.list',
    description: 'list stored credentials; secrets are never shown',
    schema: 'crosswalk.credentials/v1',
    columns: {
      id: ({ id }: Item) => id,
      'resource app': ({ resourceApp }: Item) => resourceApp,
      user: ({ user }: Item) => user ?? '(all)',
      kind: ({ kind }: Item) => kind,
      stored: ({ storedAt }: Item) => storedAt,
      'last used': ({ lastUsedAt }: Item) => lastUsedAt ?? 'never',
    },
  })
  addStore(credential, terminal)
  addCall(credential, terminal, {
    verb: 'revoke',
    route: 'stored-credentials.revoke',
    description: 'revoke a stored credential, here and at the service',
    reasonRequired: true,
    schema: 'crosswalk.credential/v1',
    render: (_answer, { params }) => [`✓ credential ${params['id']} revoked`],
  })
}

interface StoreOptions extends AdminOptions {
  readonly user?: string
  readonly reason: string
}

function addStore(group: Command, terminal: CommandTerminal): void {
  const command = group
    .command('store')
    .description('store an API key, or the client secret at the service')
    .argument('<resource-app>', 'id of the brokered resource app')
    .argument('<file>', 'file with only the secret; /dev/stdin reads a pipe')
    .option('--user <user>', 'id or user name, if each user has their own key')
    .requiredOption('--reason <text>', 'why, for the audit log')
  addAdminOptions(command).action((resourceApp: string, file: string, options: StoreOptions) => {
    const secret = readTextFile(file).trim()
    if (secret === '') throw new CliError(EXIT.usage, `${file} is empty`, 'write the secret to it')
    return withAdmin(terminal, options, async ({ client }) => {
      const user = options.user === undefined ? undefined : await resolveUser(client, options.user)
      const { body } = await client.call('stored-credentials.store', {
        body: { resourceApp, ...(user === undefined ? {} : { user }), secret, reason: options.reason },
      })
      if (options.output === 'json') writeJson(terminal, { schema: 'crosswalk.credential/v1', ...body })
      else terminal.writeOut(`✓ credential ${body.id} stored\n`)
    })
  })
}
