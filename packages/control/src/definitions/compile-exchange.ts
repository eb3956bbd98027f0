// Compiles the current definitions into the exchange snapshot. Reuses unchanged parts of the previous snapshot, because
// compiling ten thousand connections for each change of a user would block other requests. Pure.
import {
  type Block,
  compileConnections,
  compileExchangeSnapshot,
  type ConnectionHold,
  connectionKey,
  type ExchangeDefinitions,
  type ExchangeSettings,
  type ExchangeSnapshot,
} from '@crosswalk/policy'
import type { AppDefinition, ScopeApproval } from '@crosswalk/protocol'

import { definitionsOf, type ApprovalRecord, holdId, type Hold, isHeld, type World } from './records.ts'
import { findDifferences, patchMap } from './shared-map.ts'

interface PreviousCompilation {
  readonly world: World
  readonly exchange: ExchangeSnapshot | undefined
}

/** Inputs beside the world */
export interface CompileInputs {
  /** Built-in apps without a definition: the console */
  readonly ownApps: readonly AppDefinition[]
  /** From the configuration file */
  readonly scopeApprovals: readonly ScopeApproval[]
  /** Ids of the active users who own an app */
  readonly activeOwners: ReadonlySet<string>
}

/** Everything the snapshot is compiled from */
const SOURCES = [
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

export function compileExchange(
  world: World,
  settings: ExchangeSettings,
  { before, ...added }: CompileInputs & { readonly before: PreviousCompilation | undefined },
): ExchangeSnapshot {
  const { activeOwners } = added
  if (
    before?.exchange?.activeOwners === activeOwners &&
    SOURCES.every((name) => before.world[name] === world[name])
  )
    return { ...before.exchange, revision: world.revision }
  const definitions = listDefinitions(world, added)
  return compileExchangeSnapshot(
    world.revision,
    settings,
    definitions,
    keepConnections(world, definitions, before),
  )
}

/** @returns the previous connections with the changed ones replaced; undefined if others may be affected too */
function keepConnections(
  { connections, approvals, 'resource-apps': resourceApps }: World,
  definitions: ExchangeDefinitions,
  before: PreviousCompilation | undefined,
): ExchangeSnapshot['connections'] | undefined {
  if (before?.exchange === undefined) return undefined
  const { world } = before
  if (world.approvals !== approvals || world['resource-apps'] !== resourceApps) return undefined
  const changed = findDifferences(world.connections, connections)
  const keyOf = (all: World['connections'], id: string) => {
    const item = all.get(id)
    return item && connectionKey(item.definition.app, item.definition.resourceApp)
  }
  // A new connection would come last here, not in the order of ids.
  if (changed.some((id) => keyOf(world.connections, id) !== keyOf(connections, id))) return undefined
  const now = changed.flatMap((id) => connections.get(id)?.definition ?? [])
  return patchMap(before.exchange.connections, compileConnections({ ...definitions, connections: now }))
}

function listDefinitions(
  world: World,
  { ownApps, scopeApprovals, activeOwners }: CompileInputs,
): ExchangeDefinitions {
  const apps = definitionsOf(world.apps).map((app) =>
    isHeld(world, 'app', app.id) ? { ...app, active: false, disabled: !app.active } : app,
  )
  return {
    // Last, so that no definition with the same id replaces one.
    apps: [...apps, ...ownApps],
    resourceApps: definitionsOf(world['resource-apps']),
    connections: definitionsOf(world.connections),
    policies: definitionsOf(world.policies),
    activeOwners,
    holds: new Map(
      [...world.holds.values()].filter(({ kind }) => kind === 'connection').map(toConnectionHold),
    ),
    blocks: [...world.blocks.values(), ...[...world.holds.values()].flatMap(toBlock)],
    openRequests: [...world.openRequests.values()],
    approvals: [
      ...scopeApprovals,
      ...[...world.approvals.values()].filter((one) => joinsSameApps(world, one)),
    ],
    accessGrants: [...world.accessGrants.values()].filter(
      (one) => one.state === 'active' && joinsSameApps(world, one),
    ),
  }
}

/** An approval or access grant is only valid for the apps that its connection joined at the time. */
export function joinsSameApps(
  { connections }: Pick<World, 'connections'>,
  { connection, app, resourceApp }: Pick<ApprovalRecord, 'connection' | 'app' | 'resourceApp'>,
): boolean {
  const definition = connections.get(connection)?.definition
  return definition?.app === app && definition.resourceApp === resourceApp
}

function toConnectionHold({ target, kind: _, ...hold }: Hold): readonly [string, ConnectionHold] {
  return [target, hold]
}

/** Suspended apps and users also appear as blocks, so that records show who suspended them and why. */
function toBlock({ kind, target, by, reason }: Hold): readonly Block[] {
  if (kind === 'connection') return []
  return [{ id: holdId(kind, target), kind, target, by, ...(reason === undefined ? {} : { reason }) }]
}
