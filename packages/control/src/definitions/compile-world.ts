// Compiles the current definitions for the servers: snapshots for the evaluators, and users.
import { compileDetailsSchema } from '@crosswalk/as-core'
import type { User } from '@crosswalk/idp'
import {
  compileRedemptionSnapshot,
  type ExchangeSettings,
  type ExchangeSnapshot,
  type RedemptionSnapshot,
  type Revocation,
} from '@crosswalk/policy'

import { findActiveOwners } from './active-owners.ts'
import { type CompileInputs, compileExchange } from './compile-exchange.ts'
import { listMemberships, type Memberships, updateMemberships } from './memberships.ts'
import { definitionsOf, type World } from './records.ts'
import { listRevocations } from './revocations.ts'
import type { UserItems } from './users/user-items.ts'
import { createUsers, type Users } from './users/users.ts'

export interface CompiledWorld {
  readonly world: World
  readonly users: Users
  readonly memberships: Memberships
  /** Ids of the active users who own an app */
  readonly activeOwners: ReadonlySet<string>
  /** Undefined if no IdP runs here */
  readonly exchange: ExchangeSnapshot | undefined
  /** By the id of the authorization server */
  readonly redemption: ReadonlyMap<string, RedemptionSnapshot>
  /** Revocations at the authorization servers here, by issuer; others learn of them through security events */
  readonly revocations: ReadonlyMap<string, readonly Revocation[]>
}

export interface WorldSettings extends Omit<CompileInputs, 'activeOwners'> {
  readonly exchange: ExchangeSettings | undefined
  readonly clockSkewSeconds: number
  /** The pairwise subject of a user for one audience */
  pairwise(audience: string, userId: string): string
}

/** An earlier result, whose unchanged parts are reused. */
export interface EarlierCompilation {
  readonly compiled: CompiledWorld
  /** Ids of users who may have changed since */
  readonly changedUsers: ReadonlySet<string>
}

export async function compileWorld(
  world: World,
  items: UserItems,
  settings: WorldSettings,
  before?: EarlierCompilation,
): Promise<CompiledWorld> {
  const { clockSkewSeconds } = settings
  const earlier = before?.compiled
  const { groups, holds } = world
  const memberships =
    earlier === undefined
      ? listMemberships(groups)
      : updateMemberships(earlier.memberships, earlier.world.groups, groups)
  const users = createUsers({ items, groups, memberships, holds })
  const activeOwners = await findActiveOwners(
    world,
    users,
    before && { known: before.compiled.activeOwners, changedUsers: before.changedUsers },
  )
  const exchange =
    settings.exchange &&
    compileExchange(world, settings.exchange, { ...settings, activeOwners, before: earlier })
  const revocations = keepRevocations(world, before) ?? (await findRevocations(world, users, settings))
  return {
    ...{ world, users, memberships, activeOwners, exchange, revocations },
    redemption: new Map(
      definitionsOf(world['authorization-servers']).map((server) => [
        server.id,
        compileRedemptionSnapshot(
          world.revision,
          { issuer: server.issuer, clockSkewSeconds, compileDetailsSchema },
          server,
          revocations.get(server.issuer),
        ),
      ]),
    ),
  }
}

const REVOCATION_SOURCES = [
  'holds',
  'blocks',
  'accessGrants',
  'connections',
  'groups',
  'resource-apps',
  'authorization-servers',
] as const

/** @returns the previous revocations if none of their sources changed */
function keepRevocations(
  world: World,
  before: EarlierCompilation | undefined,
): CompiledWorld['revocations'] | undefined {
  if (before === undefined) return undefined
  const { compiled, changedUsers } = before
  if (REVOCATION_SOURCES.some((name) => compiled.world[name] !== world[name])) return undefined
  return listConcerned(world).some((id) => changedUsers.has(id)) ? undefined : compiled.revocations
}

/** @returns ids of the users that acts refer to */
function listConcerned({ holds, blocks, accessGrants }: World): readonly string[] {
  const acts = [...holds.values(), ...blocks.values()]
  return [
    ...acts.flatMap(({ kind, target }) => (kind === 'user' ? [target] : [])),
    ...[...blocks.values()].flatMap(({ onlyFor }) => onlyFor ?? []),
    ...[...accessGrants.values()].flatMap(({ state, user }) => (state === 'revoked' ? [user] : [])),
  ]
}

async function findRevocations(
  world: World,
  users: Users,
  { exchange, pairwise }: WorldSettings,
): Promise<CompiledWorld['revocations']> {
  if (exchange === undefined) return new Map()
  const issuers = new Set(definitionsOf(world['authorization-servers']).map((server) => server.issuer))
  const reachedHere = [...world['resource-apps']].filter(([, item]) => issuers.has(item.definition.issuer))
  const parts = { connections: world.connections, 'resource-apps': new Map(reachedHere) }
  const concerned: ReadonlyMap<string, User> = await users.findMany(listConcerned(world))
  return listRevocations(world, concerned, { world: parts, issuer: exchange.issuer, pairwise })
}
