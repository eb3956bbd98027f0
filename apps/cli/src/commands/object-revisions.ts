// `history` and `restore` of everything that is defined: every revision with who and why, and back to one of them.
import type { Collection } from '@crosswalk/admin-api'
import { type Command, InvalidArgumentError } from 'commander'

import { addAdminOptions, type AdminOptions, overrideOption, withAdmin } from '../admin/admin-options.ts'
import { showObject } from '../admin/show-object.ts'
import { addListOptions, writeList } from '../admin/write-list.ts'
import type { CommandTerminal } from '../terminal.ts'

interface About {
  readonly name: string
  readonly collection: Collection
}

interface RestoreOptions extends AdminOptions {
  readonly revision: number
  readonly reason: string
}

export function addRevisions(group: Command, about: About, terminal: CommandTerminal): void {
  addHistory(group, about, terminal)
  addRestore(group, about, terminal)
}

function addHistory(group: Command, { name, collection }: About, terminal: CommandTerminal): void {
  const command = group
    .command('history')
    .description(`list every revision of one ${name}, newest first; of the database only`)
    .argument('<id>', 'id')
  addListOptions(command).action((id: string, options: AdminOptions) =>
    withAdmin(terminal, options, async (admin) => {
      const { body } = await admin.client.call(`${collection}.history`, { params: { id } })
      const rows = body.items.map(({ revision, at, by, removed, reason }) => [
        String(revision),
        at,
        by,
        removed ? 'removed' : 'defined',
        reason,
      ])
      const headings = ['revision', 'at', 'by', 'was', 'why']
      writeList(admin, { schema: 'crosswalk.history/v1', items: body.items, headings, rows })
    }),
  )
}

function addRestore(group: Command, { name, collection }: About, terminal: CommandTerminal): void {
  const command = group
    .command('restore')
    .description(`return one ${name} to an earlier revision, also when it was deleted`)
    .argument('<id>', 'id')
    .requiredOption('--revision <number>', 'which revision, as `history` lists them', parseRevision)
    .requiredOption('--reason <text>', 'why, for the audit log')
    .addOption(overrideOption())
  addAdminOptions(command).action((id: string, options: RestoreOptions) =>
    withAdmin(terminal, options, async ({ client }) => {
      const { revision, reason } = options
      const call = { params: { id }, body: { revision, reason } }
      const { body } = await client.call(`${collection}.restore`, call)
      showObject({ options, terminal }, name, body)
    }),
  )
}

function parseRevision(text: string): number {
  const revision = Number(text)
  if (!/^\d{1,15}$/.test(text) || revision < 1) throw new InvalidArgumentError('a whole number from 1.')
  return revision
}
