// `history` and `restore` of everything that is defined: every revision with who and why, and back to one of them.
import type { Collection } from '@crosswalk/admin-api'
import type { Command } from 'commander'

import { addCall, addList } from '../admin/route-commands.ts'
import { renderObject } from '../admin/show-object.ts'
import type { CommandTerminal } from '../terminal.ts'

interface About {
  readonly name: string
  readonly collection: Collection
}

export function addRevisions(group: Command, { name, collection }: About, terminal: CommandTerminal): void {
  addList(group, terminal, {
    verb: 'history',
    route: `${collection}.history`,
    description: `list revisions of one ${name}, newest first; database objects only`,
    schema: 'crosswalk.history/v1',
    columns: {
      revision: ({ revision }) => revision,
      at: ({ at }) => at,
      by: ({ by }) => by,
      was: ({ removed }) => (removed ? 'removed' : 'defined'),
      why: ({ reason }) => reason,
    },
  })
  addCall(group, terminal, {
    verb: 'restore',
    route: `${collection}.restore`,
    description: `return one ${name} to an earlier revision, even if it was deleted`,
    options: {
      revision: 'revision number from `history`',
      reason: { description: 'why, for the audit log', required: true },
    },
    overridesTests: true,
    schema: `crosswalk.${name}/v1`,
    render: renderObject,
  })
}
