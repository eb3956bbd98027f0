// `crosswalk admin-token`: admin API tokens with their own role, so that scripts need not share the token of the file.
import type { Command } from 'commander'

import { addCall, addList } from '../admin/route-commands.ts'
import type { CommandTerminal } from '../terminal.ts'

export function addAdminTokenCommands(program: Command, terminal: CommandTerminal): void {
  const group = program.command('admin-token').description('create and revoke admin API tokens')
  addList(group, terminal, {
    route: 'tokens.list',
    description: 'list tokens, without their secrets',
    schema: 'crosswalk.admin-tokens/v1',
    limit: 10_000,
    columns: {
      id: ({ id }) => id,
      for: ({ name }) => name,
      role: ({ role }) => role,
      apps: ({ apps }) => apps ?? 'all',
      'made by': ({ createdBy }) => createdBy,
      ends: ({ expiresAt }) => expiresAt,
      live: ({ active }) => active,
    },
  })
  addCall(group, terminal, {
    verb: 'create',
    route: 'tokens.create',
    description: 'create a token and print it; it is shown only once',
    arguments: { name: 'purpose of the token' },
    options: {
      role: 'role, which determines the permissions of the token',
      apps: { flags: '--app <ids...>' },
      expiresAt: {
        flags: '--expires <duration-or-moment>',
        description: 'when it ends: 90d, 12h, or RFC 3339; never unless given',
      },
      reason: { description: 'why, for the audit log', required: true },
    },
    schema: 'crosswalk.admin-token/v1',
    render: ({ token }) => [token],
    note: ({ id, role, expiresAt }) => [`${id}, ${role}, ends ${expiresAt ?? 'never'}`],
  })
  addCall(group, terminal, {
    verb: 'revoke',
    reasonRequired: true,
    route: 'tokens.revoke',
    description: 'revoke a token',
    schema: 'crosswalk.admin-token/v1',
    render: (_, { params: { id } }) => [`✓ ${id} ended`],
  })
}
