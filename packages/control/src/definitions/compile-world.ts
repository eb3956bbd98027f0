// From everything in force to what the servers ask: snapshots for the evaluators, and people. Pure.
import { compileDetailsSchema } from '@crosswalk/as-core'
import type { People, User } from '@crosswalk/idp'
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

import { type ApprovalRecord, holdId, type Hold, type Item, type Items, type World } from './records.ts'
import { listWithdrawals } from './withdrawals.ts'

export interface CompiledWorld {
  readonly world: World
  /** Undefined where no IdP runs */
  readonly exchange: ExchangeSnapshot | undefined
  /** By the id of the authorization server */
  readonly redemption: ReadonlyMap<string, RedemptionSnapshot>
  readonly users: People
  /** Everybody, as the IdP sees them */
  readonly people: ReadonlyMap<string, User>
  /** Ids of everybody in a group, however they got there */
  readonly members: ReadonlyMap<string, readonly string[]>
}

export interface WorldSettings {
  readonly exchange: ExchangeSettings | undefined
  /** Apps that are there without being defined by anybody: the console */
  readonly ownApps: readonly AppDefinition[]
  /** Of the file */
  readonly scopeApprovals: readonly ScopeApproval[]
  readonly clockSkewSeconds: number
  /** A stable subject of a user for one audience */
  pairwise(audience: string, userId: string): string
}

export function compileWorld(world: World, settings: WorldSettings): CompiledWorld {
  const { clockSkewSeconds } = settings
  const people = listPeople(world)
  const byId = new Map(people.map((user) => [user.id, user]))
  const withdrawals =
    settings.exchange === undefined
      ? new Map<string, []>()
      : listWithdrawals(world, byId, { world, issuer: settings.exchange.issuer, pairwise: settings.pairwise })
  return {
    world,
    people: byId,
    members: listMembers(people),
    exchange:
      settings.exchange === undefined ? undefined : compileExchange(world, settings.exchange, settings),
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
    users: buildUsers(people),
  }
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

/** A suspended app or person is also named by a block, so that a record says who stopped it and why. */
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

/** @returns the people as the IdP sees them: with every group they are in, and inactive while suspended */
export function listPeople(world: World): readonly User[] {
  return listUsersWithGroups(world).map((user) => ({
    ...user,
    active: user.active && !isHeld(world, 'user', user.id),
  }))
}

/** @returns users as they are defined, with every group they are in from either side */
export function listUsersWithGroups({ users, groups }: Pick<Items, 'users' | 'groups'>): readonly User[] {
  const listed = new Map<string, string[]>()
  for (const { id, members } of definitionsOf(groups)) {
    for (const member of members) listed.set(member, [...(listed.get(member) ?? []), id])
  }
  return definitionsOf(users).map(({ hasPassword: _, passwordSetAt: __, ...user }) => ({
    ...user,
    groups: [...new Set([...user.groups, ...(listed.get(user.id) ?? [])])],
  }))
}

function listMembers(people: readonly User[]): ReadonlyMap<string, readonly string[]> {
  const members = new Map<string, string[]>()
  for (const { id, groups } of people) {
    for (const group of groups) {
      const known = members.get(group)
      if (known === undefined) members.set(group, [id])
      else known.push(id)
    }
  }
  return members
}

function buildUsers(people: readonly User[]): People {
  const byId = new Map(people.map((user) => [user.id, user]))
  const byLogin = new Map<string, User>()
  for (const user of people) {
    if (user.email !== undefined && user.emailVerified) byLogin.set(user.email, user)
  }
  // User names last: where both are the same, the name is the person's own.
  for (const user of people) byLogin.set(user.username, user)
  return {
    findById: async (id) => byId.get(id),
    findByLogin: async (login) => byLogin.get(login),
    findByAttribute: async (name, value) =>
      people.filter(({ attributes }) => Object.hasOwn(attributes, name) && attributes[name] === value),
  }
}
