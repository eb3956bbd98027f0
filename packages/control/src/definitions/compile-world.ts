// From everything in force to what the servers ask: snapshots for the evaluators, and users. Pure.
import { compileDetailsSchema } from '@crosswalk/as-core'
import {
  type Block,
  compileExchangeSnapshot,
  compileRedemptionSnapshot,
  type ConnectionHold,
  type ExchangeSettings,
  type ExchangeSnapshot,
  type RedemptionSnapshot,
} from '@crosswalk/policy'
import type { AppDefinition, ScopeApproval } from '@crosswalk/protocol'

import { indexPeople, type PeopleIndex } from './people-index.ts'
import { type ApprovalRecord, holdId, type Hold, type Item, type World } from './records.ts'
import { listWithdrawals } from './withdrawals.ts'

export interface CompiledWorld extends PeopleIndex {
  readonly world: World
  /** Undefined where no IdP runs */
  readonly exchange: ExchangeSnapshot | undefined
  /** By the id of the authorization server */
  readonly redemption: ReadonlyMap<string, RedemptionSnapshot>
}

export interface WorldSettings {
  readonly exchange: ExchangeSettings | undefined
  /** Apps that are there without being defined by anyone: the console */
  readonly ownApps: readonly AppDefinition[]
  /** Of the file */
  readonly scopeApprovals: readonly ScopeApproval[]
  readonly clockSkewSeconds: number
  /** A stable subject of a user for one audience */
  pairwise(audience: string, userId: string): string
}

/** @param before - compiled from an earlier world; of what is the same in both, nothing is compiled again */
export function compileWorld(world: World, settings: WorldSettings, before?: CompiledWorld): CompiledWorld {
  const { clockSkewSeconds } = settings
  const index = indexPeople(world, before && { sources: before.world, index: before })
  const withdrawals =
    settings.exchange === undefined
      ? new Map<string, []>()
      : listWithdrawals(world, index.people, {
          world,
          issuer: settings.exchange.issuer,
          pairwise: settings.pairwise,
        })
  return {
    ...index,
    world,
    exchange:
      settings.exchange === undefined
        ? undefined
        : (keepExchange(world, before) ?? compileExchange(world, settings.exchange, settings)),
    redemption: new Map(
      definitionsOf(world['authorization-servers']).map((server) => [
        server.id,
        compileRedemptionSnapshot(
          world.revision,
          { issuer: server.issuer, clockSkewSeconds, compileDetailsSchema },
          server,
          withdrawals.get(server.issuer),
        ),
      ]),
    ),
  }
}

const EXCHANGE_SOURCES = [
  'apps',
  'resource-apps',
  'connections',
  'policies',
  'holds',
  'blocks',
  'openRequests',
  'approvals',
  'accessGrants',
] as const satisfies readonly (keyof World)[]

/** @returns the snapshot before at the revision now, where nothing that it is made of changed: most changes are of users */
function keepExchange(
  world: World,
  before: Pick<CompiledWorld, 'world' | 'exchange'> | undefined,
): ExchangeSnapshot | undefined {
  if (before?.exchange === undefined) return undefined
  const isSame = EXCHANGE_SOURCES.every((name) => before.world[name] === world[name])
  return isSame ? { ...before.exchange, revision: world.revision } : undefined
}

function compileExchange(
  world: World,
  settings: ExchangeSettings,
  { ownApps, scopeApprovals }: Pick<WorldSettings, 'ownApps' | 'scopeApprovals'>,
): ExchangeSnapshot {
  const apps = definitionsOf(world.apps).map((app) =>
    isHeld(world, 'app', app.id) ? { ...app, active: false } : app,
  )
  return compileExchangeSnapshot(world.revision, settings, {
    // Last, so that nothing defined under the same id takes the place of one.
    apps: [...apps, ...ownApps],
    resourceApps: definitionsOf(world['resource-apps']),
    connections: definitionsOf(world.connections),
    policies: definitionsOf(world.policies),
    holds: new Map(
      [...world.holds.values()].filter(({ kind }) => kind === 'connection').map(toConnectionHold),
    ),
    blocks: [...world.blocks.values(), ...[...world.holds.values()].flatMap(toBlock)],
    openRequests: [...world.openRequests.values()],
    approvals: [...scopeApprovals, ...[...world.approvals.values()].filter((one) => isForSame(world, one))],
    accessGrants: [...world.accessGrants.values()].filter(
      (one) => one.state === 'active' && isForSame(world, one),
    ),
  })
}

/** An approval and an access grant were given for what the connection joined then. */
export function isForSame(
  { connections }: Pick<World, 'connections'>,
  { connection, app, resourceApp }: Pick<ApprovalRecord, 'connection' | 'app' | 'resourceApp'>,
): boolean {
  const definition = connections.get(connection)?.definition
  return definition?.app === app && definition.resourceApp === resourceApp
}

function toConnectionHold({ target, kind: _, ...hold }: Hold): readonly [string, ConnectionHold] {
  return [target, hold]
}

/** A suspended app or user is also named by a block, so that a record says who stopped it and why. */
function toBlock({ kind, target, by, reason }: Hold): readonly Block[] {
  if (kind === 'connection') return []
  return [{ id: holdId(kind, target), kind, target, by, ...(reason === undefined ? {} : { reason }) }]
}

function isHeld(world: World, kind: 'app' | 'user', target: string): boolean {
  return world.holds.has(holdId(kind, target))
}

export function definitionsOf<T>(items: ReadonlyMap<string, Item<T>>): T[] {
  return [...items.values()].map(({ definition }) => definition)
}
