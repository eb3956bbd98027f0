// Whether access that a decision of a review removed has ended: the simulator denies it, no ID-JAG was issued since, and
// nothing that was issued before is still valid.
import { setImmediate as nextTurn } from 'node:timers/promises'

import { inPortions } from '@crosswalk/as-core'
import type { Removal, ReviewItem } from '@crosswalk/admin-api'
import { type EvaluatedUser, withoutConditions } from '@crosswalk/policy'
import type { EpochMs } from '@crosswalk/protocol'
import type { TokenSelector } from '@crosswalk/resource-as'

import { narrowToUser, reachOfConnection } from '../definitions/revocations.ts'
import { toMoment } from '../http/to-moment.ts'
import type { Parts } from '../parts.ts'
import { boundForeignSeconds } from '../respond/kill-reach.ts'
import { readReachParts } from '../respond/live-access.ts'
import { selectReached } from '../respond/select-reached.ts'
import { simulateAccess } from '../simulate/check-access-now.ts'
import { countIssuedSince, findLastIssued, listRecentUsers } from './find-issued.ts'
import { listRemovedAccess, type RemovedAccess } from './removed-access.ts'

const MAX_USERS = 50
const MAX_TOKENS = 1000
const PAGE = 200

export type RemovalParts = Parts<'configuration' | 'directory' | 'storage' | 'clock' | 'sealing'>

/** @param item - with a decision that removed access */
export async function checkRemoval(parts: RemovalParts, item: ReviewItem): Promise<Removal> {
  const nowMs = parts.clock.nowMs()
  const simulated = new Set<string>()
  const allowed = new Set<string>()
  let [issued, liveTokens, endsAt] = [0, 0, 0]
  for (const removed of await listRemovedAccess(parts, item)) {
    for (const user of await chooseUsers(parts, item, removed)) {
      simulated.add(user)
      if (await isAllowed(parts, item, user, removed)) allowed.add(user)
      await nextTurn()
    }
    issued += await countIssuedSince(parts, item, removed)
    const live = await findLiveTokens(parts, item, removed)
    liveTokens += live.count
    endsAt = Math.max(endsAt, live.endsAt, await boundUnseen(parts, item, removed))
  }
  const isOver = allowed.size === 0 && issued === 0 && liveTokens === 0 && endsAt <= nowMs
  return {
    state: isOver ? 'verified' : 'pending',
    since: new Date(nowMs).toISOString(),
    simulated: simulated.size,
    allowed: [...allowed].sort(),
    issued,
    liveTokens,
    endsBy: endsAt > nowMs ? toMoment(endsAt) : null,
  }
}

/** Those with recent use first. */
async function chooseUsers(
  parts: RemovalParts,
  item: ReviewItem,
  { users: lost }: RemovedAccess,
): Promise<readonly string[]> {
  if (lost !== undefined && lost.length <= MAX_USERS) return lost
  const { world, users } = parts.directory.current()
  const recent = await listRecentUsers(parts, item, lost === undefined ? MAX_USERS : Infinity)
  if (lost !== undefined) {
    const all = new Set(lost)
    return [...new Set([...recent.filter((id) => all.has(id)), ...lost])].slice(0, MAX_USERS)
  }
  const chosen = new Set(recent)
  for (const { user } of item.evidence.grants) chosen.add(user)
  const assignments = world.connections.get(item.connection)?.definition.assignments
  if (assignments?.everyone === true) {
    for await (const { definition } of users.items.each()) {
      if (chosen.size >= MAX_USERS) break
      chosen.add(definition.id)
    }
  } else if (assignments !== undefined && chosen.size < MAX_USERS)
    for (const id of await users.listAssigned(assignments)) chosen.add(id)
  return [...chosen].slice(0, MAX_USERS)
}

/** Whatever the time, sign-in or network of the request, and whichever policies and blocks apply now. */
async function isAllowed(
  parts: RemovalParts,
  { app, resourceApp, connection }: ReviewItem,
  user: string,
  { scopes }: RemovedAccess,
): Promise<boolean> {
  const asked = { user, app, resourceApp, connection, scopes }
  const record = await simulateAccess(parts, asked, (snapshot) =>
    withoutConditions(snapshot, { app, resourceApp }),
  )
  return record?.outcome === 'allow'
}

interface LiveTokens {
  readonly count: number
  readonly endsAt: EpochMs
}

async function findLiveTokens(
  parts: RemovalParts,
  item: ReviewItem,
  { scopes, users }: RemovedAccess,
): Promise<LiveTokens> {
  if (users === undefined) return findSelected(parts, await selectTokens(parts, item), scopes)
  let [count, endsAt] = [0, 0]
  for await (const some of inPortions(users, MAX_USERS)) {
    const found = await parts.directory.current().users.findMany(some)
    const live = await findSelected(parts, await selectTokens(parts, item, [...found.values()]), scopes)
    count += live.count
    endsAt = Math.max(endsAt, live.endsAt)
    if (count >= MAX_TOKENS) break
  }
  return { count, endsAt }
}

/** At the authorization servers here. A revoked JWT counts until it expires, for APIs that verify it offline. */
async function findSelected(
  { configuration, storage, clock }: RemovalParts,
  selectors: readonly TokenSelector[],
  scopes: readonly string[] | undefined,
): Promise<LiveTokens> {
  const query = { selectors, nowMs: clock.nowMs() }
  let count = 0
  let last = scopes === undefined ? await storage.liveAccess.findLastExpiry(query) : undefined
  let cursor: string | undefined
  do {
    const { items, next } = await storage.liveAccess.list({ ...query, limit: PAGE, cursor })
    for (const token of items) {
      if (scopes?.some((scope) => token.scope.includes(scope)) === false) continue
      count += 1
      last = Math.max(last ?? 0, token.expiresAt)
    }
    cursor = next
  } while (cursor !== undefined && count < MAX_TOKENS)
  return { count, endsAt: last === undefined ? 0 : 1000 * (last + configuration.clockSkewSeconds) }
}

/** @param users - default: all */
async function selectTokens(
  parts: RemovalParts,
  { connection }: ReviewItem,
  users?: readonly EvaluatedUser[],
): Promise<readonly TokenSelector[]> {
  const { world } = parts.directory.current()
  const definition = world.connections.get(connection)?.definition
  const reachParts = readReachParts(parts)
  if (definition === undefined || reachParts === undefined) return []
  const reach = reachOfConnection(definition, reachParts)
  return selectReached(world, users?.flatMap((user) => narrowToUser(reach, user, reachParts)) ?? reach)
}

/**
 * @returns until when an ID-JAG from before the decision may be redeemed; at an authorization server elsewhere, until when
 *   an access token issued for it may be valid; 0 without one
 */
async function boundUnseen(parts: RemovalParts, item: ReviewItem, removed: RemovedAccess): Promise<EpochMs> {
  const { configuration, directory } = parts
  const { world } = directory.current()
  const issuer = world['resource-apps'].get(item.resourceApp)?.definition.issuer
  const isHere = [...world['authorization-servers'].values()].some((it) => it.definition.issuer === issuer)
  if (isHere && removed.revokes) return 0
  const seconds = isHere
    ? (configuration.idp?.idJagTtlSeconds ?? 0) + configuration.clockSkewSeconds
    : boundForeignSeconds(parts)
  const last = await findLastIssued(parts, item, removed, 1000 * seconds)
  return last === undefined ? 0 : last + 1000 * seconds
}
