// Examines the newest ID-JAGs one by one: which users and networks are new, and which would have been denied by a
// report-only policy. Results are remembered.
import type { GrantUse, UsagePatterns } from '@crosswalk/storage'
import { DAY_MS, evictOldest } from '@crosswalk/protocol'

import { nameNetwork } from './network.ts'

export const MAX_GRANTS = 1_000
export const USER_DAYS = 90
export const NETWORK_DAYS = 28
/** For a new connection or app, everything would be a first use. */
export const ESTABLISHED_DAYS = 7
/** How many earlier ID-JAGs of an app are searched for its networks */
export const EARLIER_GRANTS = 200
/** An app with more has no usual networks. */
export const MAX_NETWORKS = 50
const MAX_PAIRS = 20_000
/** Also examines events that were stored late. */
export const OVERLAP_MS = 10_000

export interface RecentGrant extends GrantUse {
  /** The connection is established, but had no earlier grant for this user */
  readonly isFirstForUser: boolean
  /** Set if the app is established and did not use this network before */
  readonly newNetwork: string | undefined
}

export interface RecentGrants {
  /**
   * @param isHosted - whether the app runs in a place its owner controls; others run where their users are
   * @returns the ID-JAGs of the last 24 hours, newest first; no concurrent calls
   */
  read(nowMs: number, isHosted: (app: string) => boolean): Promise<readonly RecentGrant[]>
}

export function createRecentGrants(patterns: UsagePatterns): RecentGrants {
  const isFirstForUser = createUserMemory(patterns)
  const findNewNetwork = createNetworkMemory(patterns)
  let kept: readonly RecentGrant[] = []
  let reached = 0
  return {
    async read(nowMs, isHosted) {
      const since = Math.max(reached, nowMs - DAY_MS + 1)
      const read = await patterns.listGrants({ since, until: nowMs + 1, most: MAX_GRANTS })
      const known = new Set(kept.map(({ decisionId }) => decisionId))
      const fresh: RecentGrant[] = []
      for (const grant of [...read].reverse()) {
        if (grant.decisionId === undefined || known.has(grant.decisionId)) continue
        fresh.push({
          ...grant,
          isFirstForUser: await isFirstForUser(grant),
          newNetwork: isHosted(grant.app) ? await findNewNetwork(grant) : undefined,
        })
      }
      reached = nowMs - OVERLAP_MS
      kept = [...fresh.reverse(), ...kept].filter(({ at }) => at > nowMs - DAY_MS).slice(0, MAX_GRANTS)
      return kept
    },
  }
}

function createUserMemory(
  patterns: Pick<UsagePatterns, 'wasGranted'>,
): (grant: GrantUse) => Promise<boolean> {
  /** When each user last used each connection, oldest entry first */
  const seen = new Map<string, number>()
  const established = new Set<string>()
  return async ({ connection, user, at }) => {
    const key = `${connection} ${user}`
    const last = seen.get(key)
    seen.delete(key)
    seen.set(key, at)
    evictOldest(seen, MAX_PAIRS)
    const since = at - USER_DAYS * DAY_MS
    if (last !== undefined && last >= since) return false
    if (await patterns.wasGranted({ connection, user, since, until: at })) return false
    const until = at - ESTABLISHED_DAYS * DAY_MS
    if (!established.has(connection) && (await patterns.wasGranted({ connection, since, until })))
      established.add(connection)
    return established.has(connection)
  }
}

interface KnownNetworks {
  /** When each was last seen */
  readonly seen: Map<string, number>
  /** First use of the app within the look-back */
  readonly firstAt: number
}

function createNetworkMemory(
  patterns: Pick<UsagePatterns, 'listGrants'>,
): (grant: GrantUse) => Promise<string | undefined> {
  const apps = new Map<string, KnownNetworks>()
  return async ({ app, at, ip }) => {
    const network = ip === undefined ? undefined : nameNetwork(ip)
    if (network === undefined) return undefined
    const known = apps.get(app) ?? (await readNetworks(patterns, app, at))
    apps.set(app, known)
    const { seen, firstAt } = known
    for (const [one, lastAt] of seen) if (lastAt < at - NETWORK_DAYS * DAY_MS) seen.delete(one)
    const isKnown = seen.has(network)
    // Without known networks, none is unusual.
    const hasUsual = seen.size > 0
    if (seen.size <= MAX_NETWORKS || isKnown) seen.set(network, at)
    if (isKnown || !hasUsual || seen.size > MAX_NETWORKS) return undefined
    return firstAt < at - ESTABLISHED_DAYS * DAY_MS ? network : undefined
  }
}

async function readNetworks(
  patterns: Pick<UsagePatterns, 'listGrants'>,
  app: string,
  until: number,
): Promise<KnownNetworks> {
  const since = until - NETWORK_DAYS * DAY_MS
  const newest = await patterns.listGrants({ app, since, until, most: EARLIER_GRANTS })
  const seen = new Map<string, number>()
  for (const { ip, at } of [...newest].reverse()) {
    const network = ip === undefined ? undefined : nameNetwork(ip)
    if (network !== undefined) seen.set(network, at)
  }
  const [old] = await patterns.listGrants({ app, since, until: until - ESTABLISHED_DAYS * DAY_MS, most: 1 })
  return { seen, firstAt: old?.at ?? newest.at(-1)?.at ?? until }
}
