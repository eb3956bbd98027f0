// `crosswalk card`: the values that an administrator enters in another product, in that product's terms.
import { VENDORS } from '@crosswalk/protocol/vendors'
import { type Command, Option } from 'commander'

import { addAdminOptions, type AdminOptions, withAdmin } from '../admin/admin-options.ts'
import { type CardRole, listProducts, makeCard, renderCard } from '../card/card.ts'
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { writeJson } from '../output.ts'
import type { CommandTerminal } from '../terminal.ts'

interface CardOptions extends AdminOptions {
  readonly connection?: string
  readonly authorizationServer?: string
  readonly app?: string
  readonly for?: string
}

export function addCardCommand(program: Command, terminal: CommandTerminal): void {
  const card = program
    .command('card')
    .description('print the values to enter in the other product')
    .option('--connection <id>', 'the other side runs the authorization server of this connection')
    .option('--authorization-server <id>', 'the other side issues ID-JAGs for this authorization server')
    .option('--app <id>', 'users of this app sign in at the other side')
    .addOption(
      new Option(
        '--for <product>',
        'product whose terms to use; default: those of the specifications',
      ).choices(VENDORS.map(({ id }) => id)),
    )
  addAdminOptions(card).action(async (options: CardOptions) => {
    const wanted = readWanted(options)
    const vendor = findProduct(options.for, wanted.role)
    const { createGuardedSender } = await import('@crosswalk/lab')
    const { describeApp, describeConnection, describeServer } = await import('../card/gather-facts.ts')
    const describe = { takesIdJags: describeConnection, issuesIdJags: describeServer, signIn: describeApp }
    const sender = createGuardedSender(terminal, { named: [options.server] })
    try {
      await withAdmin(terminal, options, async ({ client }) => {
        const source = { client, sender, server: options.server, nowMs: terminal.nowMs() }
        const made = makeCard(wanted.role, await describe[wanted.role](source, wanted.id), vendor)
        if (options.output === 'json') writeJson(terminal, { ...made })
        else terminal.writeOut(renderCard(made))
      })
    } finally {
      await sender.close()
    }
  })
}

function readWanted({ connection, authorizationServer, app }: CardOptions): {
  readonly role: CardRole
  readonly id: string
} {
  const named = [
    { role: 'takesIdJags', id: connection },
    { role: 'issuesIdJags', id: authorizationServer },
    { role: 'signIn', id: app },
  ] as const
  const [wanted, ...others] = named.filter(({ id }) => id !== undefined)
  if (wanted?.id !== undefined && others.length === 0) return { role: wanted.role, id: wanted.id }
  throw new CliError(
    EXIT.usage,
    'select exactly one object',
    'use --connection ID, --authorization-server ID or --app ID',
  )
}

const LACKS: Readonly<Record<CardRole, string>> = {
  takesIdJags: 'does not accept ID-JAGs',
  issuesIdJags: 'does not issue ID-JAGs',
  signIn: 'does not sign users in to other apps',
}

function findProduct(product: string | undefined, role: CardRole) {
  if (product === undefined) return undefined
  const products = listProducts(role)
  const vendor = products.find(({ id }) => id === product)
  if (vendor !== undefined) return vendor
  const name = VENDORS.find(({ id }) => id === product)?.name ?? product
  throw new CliError(
    EXIT.usage,
    `${name} ${LACKS[role]}, according to its documentation`,
    `use --for with one of ${products.map(({ id }) => id).join(', ')}, or omit it`,
  )
}
