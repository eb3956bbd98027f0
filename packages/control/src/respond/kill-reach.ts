// The reach of the kill switch, and how long access may continue: where another authorization server decides, and where
// an API verifies access tokens offline and so does not learn of revocations. Changes nothing.
import type { KillReach } from '@crosswalk/admin-api'
import { type EvaluatedUser, findAssignment } from '@crosswalk/policy'
import type { AuthorizationServerDefinition, ConnectionDefinition } from '@crosswalk/protocol'

import { definitionsOf } from '../definitions/records.ts'
import { selectTokens } from './live-access.ts'
import type { Parts } from '../parts.ts'
import type { BlockTarget } from './standing-blocks.ts'

/** A typical lifetime at foreign authorization servers; the actual one is unknown. */
const FOREIGN_ACCESS_TOKEN_SECONDS = 3600
/** Covers the clocks of three parties. */
const FOREIGN_SKEW_SECONDS = 60

/** `before`: access tokens may still be issued until the switch is used. */
type Moment = 'before' | 'after'

/** Each resource app that the target can reach, and how long access issued just before may continue. */
export async function boundReach(
  parts: Parts<'configuration' | 'directory' | 'storage' | 'clock' | 'sealing'>,
  target: BlockTarget,
  moment: Moment,
): Promise<{
  readonly reach: KillReach[]
  readonly worstCaseSeconds: number
  readonly offlineSeconds: number
}> {
  const { world, users } = parts.directory.current()
  const user = target.kind === 'user' ? await users.findById(target.target) : undefined
  const ofUser = [...world.accessGrants.values()].filter((grant) => grant.user === user?.id)
  const granted = new Set(ofUser.map(({ connection }) => connection))
  const servers = new Map(definitionsOf(world['authorization-servers']).map((it) => [it.issuer, it]))
  const connections = definitionsOf(world.connections).filter((it) =>
    isReached(it, { ...target, user, granted }),
  )
  const reach: KillReach[] = []
  // Several resource apps may share one server.
  const offline = new Map<string, Promise<number>>()
  for (const resourceApp of new Set(connections.map((it) => it.resourceApp))) {
    const issuer = world['resource-apps'].get(resourceApp)?.definition.issuer
    if (issuer === undefined) continue
    const server = servers.get(issuer)
    const local = server !== undefined
    const worstCaseSeconds = local ? 0 : boundForeignSeconds(parts)
    if (local && !offline.has(issuer)) offline.set(issuer, boundOffline(parts, { server, target, moment }))
    const offlineSeconds = (await offline.get(issuer)) ?? 0
    reach.push({ resourceApp, issuer, local, worstCaseSeconds, offlineSeconds })
  }
  return {
    reach,
    worstCaseSeconds: Math.max(0, ...reach.map((it) => it.worstCaseSeconds)),
    offlineSeconds: Math.max(0, ...reach.map((it) => it.offlineSeconds)),
  }
}

/** From the time an ID-JAG is issued */
export function boundForeignSeconds({ configuration }: Parts<'configuration'>): number {
  return (configuration.idp?.idJagTtlSeconds ?? 0) + FOREIGN_ACCESS_TOKEN_SECONDS + FOREIGN_SKEW_SECONDS
}

interface Offline {
  readonly server: AuthorizationServerDefinition
  readonly target: BlockTarget
  readonly moment: Moment
}

/** The longest remaining lifetime of a self-contained access token. */
async function boundOffline(
  parts: Parts<'configuration' | 'directory' | 'storage' | 'clock' | 'sealing'>,
  { server, target, moment }: Offline,
): Promise<number> {
  const { storage, clock, configuration } = parts
  const nowMs = clock.nowMs()
  const selectors = (await selectTokens(parts, target)).map((one) => ({
    ...one,
    authorizationServer: server.id,
  }))
  const lastExpiry = await storage.liveAccess.findLastExpiry({ selectors, nowMs })
  const left = lastExpiry === undefined ? 0 : Math.ceil(lastExpiry - nowMs / 1000)
  const next = moment === 'before' && server.accessTokenFormat === 'jwt' ? server.accessTokenTtlSeconds : 0
  const longest = Math.max(left, next)
  return longest === 0 ? 0 : longest + configuration.clockSkewSeconds
}

/** Ignores the status: a token may have been issued just before it changed. */
function isReached(
  { id, app, actors, assignments }: ConnectionDefinition,
  {
    kind,
    target,
    user,
    granted,
  }: BlockTarget & {
    /** Set if the target is a user */
    readonly user: EvaluatedUser | undefined
    /** Ids of the connections that access grants of the user are for */
    readonly granted: ReadonlySet<string>
  },
): boolean {
  switch (kind) {
    case 'connection':
      return id === target
    case 'app':
      return app === target || actors?.includes(target) === true
    case 'everything':
      return true
    case 'user':
      return user !== undefined && (granted.has(id) || findAssignment(assignments, user) !== undefined)
  }
}
