// From everything in force to what the servers ask: snapshots for the evaluators, and users. Pure.
import { compileDetailsSchema } from '@crosswalk/as-core'
import {
  compileRedemptionSnapshot,
  type ExchangeSettings,
  type ExchangeSnapshot,
  type RedemptionSnapshot,
  type Revocation,
} from '@crosswalk/policy'

import { type AddedToWorld, compileExchange } from './compile-exchange.ts'
import { findChangedUsers, indexUsers, type UserIndex } from './user-index.ts'
import { definitionsOf, type World } from './records.ts'
import { listRevocations } from './revocations.ts'

export interface CompiledWorld extends UserIndex {
  readonly world: World
  /** Undefined where no IdP runs */
  readonly exchange: ExchangeSnapshot | undefined
  /** By the id of the authorization server */
  readonly redemption: ReadonlyMap<string, RedemptionSnapshot>
  /** What acts revoke at the authorization servers here, by their issuers; others hear of it by security events */
  readonly revocations: ReadonlyMap<string, readonly Revocation[]>
}

export interface WorldSettings extends AddedToWorld {
  readonly exchange: ExchangeSettings | undefined
  readonly clockSkewSeconds: number
  /** A stable subject of a user for one audience */
  pairwise(audience: string, userId: string): string
}

/** @param before - compiled from an earlier world; of what is the same in both, nothing is compiled again */
export function compileWorld(world: World, settings: WorldSettings, before?: CompiledWorld): CompiledWorld {
  const { clockSkewSeconds } = settings
  const index = indexUsers(world, before && { sources: before.world, index: before })
  const exchange = settings.exchange && compileExchange(world, settings.exchange, { ...settings, before })
  const revocations = keepRevocations(world, before) ?? findRevocations(world, index, settings)
  return {
    ...index,
    ...{ world, exchange, revocations },
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
  'resource-apps',
  'authorization-servers',
] as const

/** @returns those before where nothing changed that they are made of */
function keepRevocations(
  world: World,
  before: CompiledWorld | undefined,
): CompiledWorld['revocations'] | undefined {
  if (before === undefined || REVOCATION_SOURCES.some((name) => before.world[name] !== world[name]))
    return undefined
  const changed = findChangedUsers(before.world, world)
  return listConcerned(world).some((id) => changed.has(id)) ? undefined : before.revocations
}

/** @returns ids of the users that acts are about */
function listConcerned({ holds, blocks, accessGrants }: World): readonly string[] {
  return [
    ...[...holds.values(), ...blocks.values()].map(({ target }) => target),
    ...[...blocks.values()].flatMap(({ onlyFor }) => onlyFor ?? []),
    ...[...accessGrants.values()].map(({ user }) => user),
  ]
}

function findRevocations(
  world: World,
  { people }: UserIndex,
  { exchange, pairwise }: WorldSettings,
): CompiledWorld['revocations'] {
  if (exchange === undefined) return new Map()
  const issuers = new Set(definitionsOf(world['authorization-servers']).map((server) => server.issuer))
  const reachedHere = [...world['resource-apps']].filter(([, item]) => issuers.has(item.definition.issuer))
  const parts = { connections: world.connections, 'resource-apps': new Map(reachedHere) }
  return listRevocations(world, people, { world: parts, issuer: exchange.issuer, pairwise })
}
