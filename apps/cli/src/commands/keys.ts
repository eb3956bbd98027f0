// `crosswalk keys`: lists and rotates the signing keys of a running server.
import type { KeyView } from '@crosswalk/admin-api'
import { type Command, Option } from 'commander'

import { addCall, addList } from '../admin/route-commands.ts'
import { listLines } from '../admin/table.ts'
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import type { CommandTerminal } from '../terminal.ts'
import { addResealCommand } from './keys-reseal.ts'

const COLUMNS = {
  owner: ({ owner }: KeyView) => owner,
  purpose: ({ purpose }: KeyView) => purpose,
  state: ({ state }: KeyView) => state,
  algorithm: ({ algorithm }: KeyView) => algorithm,
  provider: ({ provider }: KeyView) => provider,
  kid: ({ kid }: KeyView) => kid,
  created: ({ createdAt }: KeyView) => createdAt,
  'published until': ({ retireAt }: KeyView) => retireAt,
}

export function addKeyCommands(program: Command, terminal: CommandTerminal): void {
  const keys = program.command('keys').description('rotate signing keys and the master key')
  addList(keys, terminal, {
    route: 'keys.list',
    description: 'list the signing keys of every server',
    schema: 'crosswalk.keys/v1',
    limit: 1000,
    columns: COLUMNS,
  })
  addCall(keys, terminal, {
    verb: 'rotate',
    route: 'keys.rotate',
    description: 'publish the next key, which signs after an hour; --emergency replaces it immediately',
    arguments: { owner: 'idp, or as: and an id', purpose: 'id-token, id-jag or access-token' },
    options: { emergency: 'sign with a new key immediately, and invalidate everything the old one signed' },
    local: [new Option('--yes', 'invalidate it without asking')],
    schema: 'crosswalk.keys/v1',
    prepare: (_, { params: { owner, purpose }, body }, { yes }) => {
      if (body?.['emergency'] === true && yes !== true)
        throw new CliError(
          EXIT.usage,
          `everything the ${purpose} key of ${owner} signed would become invalid immediately; nothing was changed`,
          'add --yes if that is what you want',
        )
      return undefined
    },
    render: ({ items }) =>
      listLines(
        Object.keys(COLUMNS),
        items.map((item) => Object.values(COLUMNS).map((read) => read(item))),
      ),
  })
  addResealCommand(keys, terminal)
}
