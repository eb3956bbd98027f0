// `crosswalk connection assign`, `app assign` and `resource assign`: add users and groups, and keep the existing ones.
import { type Collection, COLLECTIONS, nameOne } from '@crosswalk/admin-api'
import type { Command } from 'commander'

import { addAdminOptions, type AdminOptions, overrideOption, withAdmin } from '../admin/admin-options.ts'
import { resolveUser } from '../admin/resolve-user.ts'
import { showObject } from '../admin/show-object.ts'
import { warnOfUnknownGroups } from '../admin/warn-of-unknown-groups.ts'
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import type { CommandTerminal } from '../terminal.ts'

const ASSIGNABLE = ['connections', 'apps', 'resource-apps'] as const
type Assignable = (typeof ASSIGNABLE)[number]

export function isAssignable(collection: Collection): collection is Assignable {
  return (ASSIGNABLE as readonly Collection[]).includes(collection)
}

interface AssignOptions extends AdminOptions {
  readonly user?: readonly string[]
  readonly group?: readonly string[]
  readonly reason?: string
}

export function addAssign(
  group: Command,
  { name, collection }: { readonly name: string; readonly collection: Assignable },
  terminal: CommandTerminal,
): void {
  const command = group
    .command('assign')
    .description(`add users to ${nameOne(COLLECTIONS[collection])}`)
    .argument('<id>', 'id')
    .option('--user <ids-or-names...>', 'users')
    .option('--group <names...>', 'groups')
    .option('--reason <text>', 'why, for the audit log')
    .addOption(overrideOption())
  addAdminOptions(command).action((id: string, options: AssignOptions) =>
    withAdmin(terminal, options, async (admin) => {
      const { user = [], group: groups = [], reason } = options
      if (user.length + groups.length === 0)
        throw new CliError(EXIT.usage, 'no users to add', 'name them with --user or --group')
      const { body, etag = '' } = await admin.client.call(`${collection}.read`, { params: { id } })
      const { assignments } = body
      const users = await Promise.all(user.map((it) => resolveUser(admin.client, it)))
      const patch = {
        assignments: {
          users: [...new Set([...assignments.users, ...users])],
          groups: [...new Set([...assignments.groups, ...groups])],
        },
      }
      const changed = await admin.client.call(
        `${collection}.change`,
        { params: { id }, body: patch, ifMatch: etag },
        reason === undefined ? {} : { reason },
      )
      showObject(admin, name, changed.body)
      await warnOfUnknownGroups(admin, { groups })
    }),
  )
}
