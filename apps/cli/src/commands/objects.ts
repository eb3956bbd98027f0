// `crosswalk connection`, `app`, `resource`, `user`, `group`, `policy` …: what is defined and was defined before, and the acts
// that stop and resume it.
import { type ActOutcome, readPages } from '@crosswalk/admin-api'
import type { Command } from 'commander'

import { addAdminOptions, type AdminOptions, parseLimit, withAdmin } from '../admin/admin-options.ts'
import { showObject } from '../admin/show-object.ts'
import { sanitize } from '../admin/table.ts'
import { addListOptions, writeList } from '../admin/write-list.ts'
import { type Noun, NOUNS, type Shown } from '../objects/nouns.ts'
import { writeJson } from '../output.ts'
import type { CommandTerminal } from '../terminal.ts'
import { addAssign, isAssignable } from './assign.ts'
import { addApprove } from './connection-approve.ts'
import { addProve } from './connection-prove.ts'
import { listUsage, type UsageOptions } from './connection-usage.ts'
import { addChanges } from './object-changes.ts'
import { addRevisions } from './object-revisions.ts'
import { addResetFactor } from './reset-factor.ts'

export function addObjectCommands(program: Command, terminal: CommandTerminal): void {
  for (const noun of NOUNS) {
    const group = program
      .command(noun.name)
      .description(`see and define ${noun.plural}${noun.acts.length > 0 ? ', stop and resume them' : ''}`)
    addList(group, noun, terminal)
    addShow(group, noun, terminal)
    addChanges(group, noun, terminal)
    addRevisions(group, noun, terminal)
    for (const act of noun.acts) addAct(group, { noun, act }, terminal)
    if (isAssignable(noun.collection))
      addAssign(group, { name: noun.name, collection: noun.collection }, terminal)
    if (noun.collection === 'connections') {
      addProve(group, terminal)
      addApprove(group, terminal)
    }
    if (noun.collection === 'users') addResetFactor(group, terminal)
  }
}

function addList(group: Command, { collection, plural, columns }: Noun, terminal: CommandTerminal): void {
  const command = group
    .command('list')
    .description(`list ${plural}`)
    .option('--q <text>', 'text in id or name')
    .option('--limit <number>', 'how many at most', parseLimit, 200)
  if (collection === 'connections')
    command
      .option('--expiring <days>', 'only those that end within this time, such as 30d')
      .option('--unused <days>', 'only those that nobody used for this time, such as 90d')
  addListOptions(command).action((options: UsageOptions & { q?: string }) => {
    if (options.expiring !== undefined || options.unused !== undefined) return listUsage(terminal, options)
    return withAdmin(terminal, options, async (admin) => {
      const { items, truncated } = await readPages<Shown>(options.limit, async (page) => {
        const query = { ...page, ...(options.q === undefined ? {} : { q: options.q }) }
        return (await admin.client.call(`${collection}.list`, { query })).body
      })
      const headings = ['id', ...columns.map(([heading]) => heading)]
      const rows = items.map((it) => [String(it.id), ...columns.map(([, read]) => String(read(it) ?? ''))])
      writeList(admin, { schema: `crosswalk.${collection}/v1`, items, truncated, headings, rows })
    })
  })
}

function addShow(group: Command, { name, collection }: Noun, terminal: CommandTerminal): void {
  const command = group.command('show').description(`show one ${name}`).argument('<id>', 'id')
  addAdminOptions(command).action((id: string, options: AdminOptions) =>
    withAdmin(terminal, options, async (admin) => {
      const { body } = await admin.client.call(`${collection}.read`, { params: { id } })
      showObject(admin, name, body)
    }),
  )
}

const ACT_WORDS = {
  suspend: ['Deny everything until it is resumed', 'suspended'],
  resume: ['Lift suspension and revocation', 'resumed'],
  revoke: ['Deny everything, and revoke the tokens issued before', 'revoked'],
} as const

/** What a suspended connection does to tokens that were issued before; users and apps lose theirs in any case. */
const SUSPENDED = {
  connections: 'Deny new tokens until it is resumed; those issued before work until they expire',
  users: 'Deny the user everything until resumed; sessions end and live access tokens are revoked',
  apps: 'Deny the app everything until it is resumed; live access tokens are revoked',
} as const

interface ActOptions extends AdminOptions {
  readonly reason: string
  readonly revokeTokens?: true
}

function addAct(
  group: Command,
  { noun, act }: { readonly noun: Noun; readonly act: keyof typeof ACT_WORDS },
  terminal: CommandTerminal,
): void {
  const [meaning, done] = ACT_WORDS[act]
  const isSuspension = act === 'suspend'
  const command = group
    .command(act)
    .description(isSuspension ? (SUSPENDED[noun.collection as keyof typeof SUSPENDED] ?? meaning) : meaning)
    .argument('<id>', 'id')
    .requiredOption('--reason <text>', 'why, for the audit log')
  if (isSuspension && noun.collection === 'connections')
    command.option('--revoke-tokens', 'Revoke the tokens issued before, too')
  const route = `${noun.collection}.${act}` as 'connections.suspend'
  addAdminOptions(command).action((id: string, options: ActOptions) =>
    withAdmin(terminal, options, async ({ client }) => {
      const { reason, revokeTokens } = options
      const sent = { reason, ...(revokeTokens === undefined ? {} : { revokeTokens }) }
      const { body } = await client.call(route, { params: { id }, body: sent })
      if (options.output === 'json') writeJson(terminal, { schema: 'crosswalk.act/v1', act, ...body })
      else terminal.writeOut(renderOutcome(`${noun.name} ${id} ${done}`, body))
    }),
  )
}

function renderOutcome(what: string, { effectiveAt, revokedTokens, endedSessions }: ActOutcome): string {
  const tokens = revokedTokens === 1 ? '1 access token' : `${revokedTokens} access tokens`
  return sanitize(
    `✓ ${what}, in force since ${effectiveAt}; ${tokens} revoked${endedSessions ? ', sessions ended' : ''}`,
  ).concat('\n')
}
