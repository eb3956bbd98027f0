// `crosswalk connection`, `app`, `resource`, `user`, `group`, `policy` …: commands for definitions and their history, and
// to suspend and resume them.
import {
  type ActOutcome,
  type Collection,
  COLLECTIONS,
  type FactorReset,
  nameOne,
} from '@crosswalk/admin-api'
import type { Command } from 'commander'

import { type Noun, NOUNS, type Shown } from '../admin/nouns.ts'
import { addCall, addList } from '../admin/route-commands.ts'
import { renderObject } from '../admin/show-object.ts'
import type { CommandTerminal } from '../terminal.ts'
import { addAssign, isAssignable } from './assign.ts'
import { addProve } from './connection-prove.ts'
import { USAGE } from './connection-usage.ts'
import { addChanges } from './object-changes.ts'
import { count } from '../output.ts'

export function addObjectCommands(program: Command, terminal: CommandTerminal): void {
  for (const noun of NOUNS) {
    const group = program
      .command(noun.name)
      .description(`manage ${noun.plural}${noun.acts.length > 0 ? ', suspend and resume them' : ''}`)
    addListOf(group, noun, terminal)
    addCall(group, terminal, {
      verb: 'show',
      route: `${noun.collection}.read`,
      description: `show ${nameOne(COLLECTIONS[noun.collection])}`,
      schema: `crosswalk.${noun.name}/v1`,
      render: renderObject,
    })
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

function addListOf(group: Command, { collection, plural, columns }: Noun, terminal: CommandTerminal): void {
  addList(group, terminal, {
    route: `${collection}.list` as 'apps.list',
    description: `list ${plural}`,
    options: {
      owner: 'only those owned by the configuration file, or by the database',
      status: { flags: '--status <status>', description: 'only those in this state' },
    },
    schema: `crosswalk.${collection}/v1`,
    columns: {
      id: ({ id }) => id,
      ...Object.fromEntries(columns.map(([heading, read]) => [heading, (it: Shown) => read(it) ?? ''])),
    },
    ...(collection === 'connections' ? { instead: USAGE } : {}),
  })
}

const ACT_WORDS = {
  suspend: ['deny everything until it is resumed', 'suspended'],
  resume: ['lift suspension or revocation', 'resumed'],
  revoke: ['deny everything, and revoke live tokens', 'revoked'],
} as const

/** What suspension does to tokens issued before: a connection leaves them valid; users and apps lose them. */
const SUSPENDED = {
  connections: 'issue no new tokens until it is resumed; live tokens work until they expire',
  users: 'deny the user everything until resumed; ends sessions and revokes live access tokens',
  apps: 'deny the app everything until it is resumed; revokes live access tokens',
} as const

function addAct(
  group: Command,
  { noun, act }: { readonly noun: Noun; readonly act: keyof typeof ACT_WORDS },
  terminal: CommandTerminal,
): void {
  const [meaning, done] = ACT_WORDS[act]
  const isSuspension = act === 'suspend'
  addCall(group, terminal, {
    verb: act,
    route: `${noun.collection}.${act}` as 'connections.suspend',
    description: isSuspension ? (SUSPENDED[noun.collection as keyof typeof SUSPENDED] ?? meaning) : meaning,
    options: {
      reason: { description: 'why, for the audit log', required: true },
      revokeTokens: 'also revoke live tokens',
    },
    schema: 'crosswalk.act/v1',
    document: { act },
    render: (outcome) => [
      `✓ ${noun.name} ${outcome.id} ${done}, effective ${outcome.effectiveAt}${act === 'resume' ? '' : renderEnded(outcome)}`,
    ],
  })
}

function renderEnded({ revokedTokens, endedSessions }: ActOutcome): string {
  return `; ${count(revokedTokens, 'access token')} revoked${endedSessions ? ', sessions ended' : ''}`
}

const SHOWN = {
  schema: 'crosswalk.connection/v1',
  options: { scopes: { flags: '--scope <scopes...>', description: 'the scopes' } },
  render: renderObject,
} as const

/** `crosswalk connection approve` and `revoke-approval`: scopes that need approval are approved for their current meaning. */
function addApprove(group: Command, terminal: CommandTerminal): void {
  addCall(group, terminal, {
    ...SHOWN,
    verb: 'approve',
    route: 'connections.approve-scopes',
    description: 'approve the current meaning of scopes, which `show` prints',
    prepare: async ({ client }, { params: { id = '' } }) => {
      const { etag = '' } = await client.call('connections.read', { params: { id } })
      return { ifMatch: etag }
    },
  })
  addCall(group, terminal, {
    ...SHOWN,
    verb: 'revoke-approval',
    route: 'connections.revoke-approvals',
    description: 'revoke approvals of scopes; tokens issued earlier work until they expire',
  })
}

interface About {
  readonly name: string
  readonly collection: Collection
}

/** `history` and `restore` of definitions: every revision with its author and reason, and a return to one of them. */
function addRevisions(group: Command, { name, collection }: About, terminal: CommandTerminal): void {
  addList(group, terminal, {
    verb: 'history',
    route: `${collection}.history`,
    description: `list revisions of ${nameOne(COLLECTIONS[collection])}, newest first; database objects only`,
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
    description: `return ${nameOne(COLLECTIONS[collection])} to an earlier revision, even if it was deleted`,
    options: {
      revision: 'revision number from `history`',
      reason: { description: 'why, for the audit log', required: true },
    },
    overridesTests: true,
    schema: `crosswalk.${name}/v1`,
    render: renderObject,
  })
}

/** `crosswalk user reset-factor`: removes the second factors of a user who lost them. */
function addResetFactor(group: Command, terminal: CommandTerminal): void {
  addCall(group, terminal, {
    verb: 'reset-factor',
    route: 'users.resetFactors',
    description: 'remove the second factors of a user, and end their sessions',
    schema: 'crosswalk.factor-reset/v1',
    render: (reset) => [describe(reset)],
  })
}

function describe({ id, removed, keptOfFile, endedSessions }: FactorReset): string {
  const passkeys = count(removed.passkeys, 'passkey')
  const taken = [
    ...(removed.authenticatorApp ? ['authenticator app'] : []),
    ...(removed.passkeys > 0 ? [passkeys] : []),
  ].join(' and ')
  const kept = keptOfFile ? '; the secret in the configuration file stays' : ''
  if (!endedSessions) return `✓ user ${id} had no second factor`
  return `✓ user ${id}: ${taken} removed, sessions ended${kept}`
}
