// `crosswalk block`: standing blocks of a user, app, connection or everything.
import type { Command } from 'commander'

import { addCall, addList } from '../admin/route-commands.ts'
import type { CommandTerminal } from '../terminal.ts'
import { count, nameTarget } from '../output.ts'

export function addBlockCommands(program: Command, terminal: CommandTerminal): void {
  const block = program.command('block').description('block a user, app, connection or everything')
  addList(block, terminal, {
    route: 'blocks.list',
    description: 'list blocks',
    schema: 'crosswalk.blocks/v1',
    limit: 10_000,
    columns: {
      id: ({ id }) => id,
      kind: ({ kind }) => kind,
      target: ({ target }) => target,
      state: ({ active, kill }) => (active ? (kill ? 'kill switch' : 'active') : 'ended'),
      by: ({ by }) => by,
      since: ({ since }) => since,
      until: ({ until }) => until,
      why: ({ reason }) => reason,
    },
  })
  addCall(block, terminal, {
    verb: 'add',
    route: 'blocks.create',
    description: 'block now, and revoke live access tokens issued here',
    arguments: { kind: 'what to block', target: 'id, or the user name of a user' },
    options: { until: 'when it ends; RFC 3339, or a time from now such as 2h' },
    schema: 'crosswalk.block/v1',
    render: ({ id, kind, target, tokensRevoked }) => [
      `✓ ${nameTarget({ kind, id: target })} blocked  ${id}; ${count(tokensRevoked, 'access token')} revoked`,
    ],
    note: ({ id }, { suggest }) => `end it with: ${suggest(`npx crosswalk block end ${id}`)}`,
  })
  addCall(block, terminal, {
    verb: 'end',
    route: 'blocks.end',
    description: 'end a block',
    schema: 'crosswalk.block-end/v1',
    render: (_, { params: { id } }) => [`✓ ${id} ended`],
  })
}
