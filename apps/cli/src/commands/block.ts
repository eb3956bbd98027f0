// `crosswalk block`: standing blocks of a user, app, connection or everything. Blocking everything asks first.
import { toCommandLine } from '@crosswalk/protocol'
import { type Command, Option } from 'commander'

import type { AdminCommand } from '../admin/admin-options.ts'
import { askConsent, type ConsentOptions } from '../admin/consent.ts'
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
    local: [new Option('--yes', 'block everything without asking')],
    prepare: (admin, { body }, options) =>
      body?.['kind'] === 'everything' ? confirmEverything(admin, body, options) : undefined,
    schema: 'crosswalk.block/v1',
    render: ({ id, kind, target, tokensRevoked }) => [
      `✓ ${nameTarget({ kind, id: target })} blocked  ${id}; ${count(tokensRevoked, 'access token')} revoked`,
    ],
    note: ({ id }, { suggest }) => [`lift it with: ${suggest(toCommandLine('block', 'lift', id))}`],
  })
  addCall(block, terminal, {
    verb: 'lift',
    route: 'blocks.lift',
    description: 'lift a block',
    schema: 'crosswalk.block-lift/v1',
    render: (_, { params: { id } }) => [`✓ ${id} lifted`],
  })
}

type Members = Readonly<Record<string, unknown>>

/** One word must not stop every app for every user. */
async function confirmEverything(
  { terminal }: AdminCommand,
  body: Members,
  options: ConsentOptions,
): Promise<{ readonly body: Members }> {
  const asked = { what: 'all access of all users would be blocked', word: 'everything' }
  return { body: { ...body, reason: await askConsent(terminal, options, asked) } }
}
