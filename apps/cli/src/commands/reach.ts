// `crosswalk who-can` and `what-can`: which apps can reach which resources, for which users.
import type { ReachBody } from '@crosswalk/admin-api'
import type { Command } from 'commander'

import { addList } from '../admin/route-commands.ts'
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import type { CommandTerminal } from '../terminal.ts'

const SHOWN = {
  schema: 'crosswalk.reach/v1',
  columns: {
    app: ({ app }: ReachBody) => app,
    for: ({ username }: ReachBody) => username,
    resource: ({ resource, resourceApp }: ReachBody) => resource ?? resourceApp,
    scopes: ({ scopes }: ReachBody) => scopes,
    'after signing in again': ({ afterStepUp }: ReachBody) => afterStepUp.map(renderStepUp).join('; '),
    connection: ({ connection }: ReachBody) => connection,
    through: ({ via }: ReachBody) => via,
  },
  // An empty list is a valid answer; it exits like a denial.
  exit: (items: readonly unknown[]) => (items.length === 0 ? EXIT.negative : undefined),
} as const

export function addReachCommands(program: Command, terminal: CommandTerminal): void {
  addList(program, terminal, {
    ...SHOWN,
    verb: 'who-can',
    route: 'reach.who',
    description: 'list which apps can reach a resource, and for which users',
    arguments: { resource: 'resource app id, or resource identifier', scope: 'only this scope' },
  })
  addList(program, terminal, {
    ...SHOWN,
    verb: 'what-can',
    route: 'reach.what',
    description: 'list what an app can reach, or what can be reached for a user',
    options: {
      scope: { flags: '--scope <scope>', description: 'only this scope' },
      joining: { flags: '--joining <group>', description: 'as if the user were also in this group' },
      leaving: { flags: '--leaving <group>', description: 'as if the user were not in this group' },
    },
    check: ({ app, user }) => {
      if (app === undefined && user === undefined)
        throw new CliError(EXIT.usage, 'no app or user given', 'add --app or --user')
    },
  })
}

function renderStepUp({ scopes, acrValues, maxAgeSeconds }: ReachBody['afterStepUp'][number]): string {
  const how = [
    ...(acrValues === undefined ? [] : [`acr ${acrValues.join(' or ')}`]),
    ...(maxAgeSeconds === undefined ? [] : [`no older than ${maxAgeSeconds} s`]),
  ]
  return `${scopes.join(' ')} (${how.join(', ')})`
}
