// Which live grants acts revoke: by client, subject and resource, because an ID-JAG does not name its connection. Used
// to refuse their redemption here, and to revoke the access tokens issued from them.
import type { Block, Revocation } from '@crosswalk/policy'
import { findAssignment, type EvaluatedUser, readUserSource } from '@crosswalk/policy'
import { type ConnectionDefinition, MINUTE_MS, type ResourceAppDefinition } from '@crosswalk/protocol'

import { type AccessGrantRecord, type Hold, holdId, type Item, type World } from './records.ts'

/** What an act affects at one authorization server. */
export interface Reach extends Omit<Revocation, 'id' | 'until'> {
  /** Issuer of the authorization server */
  readonly audience: string
}

export interface ReachParts {
  readonly world: Pick<World, 'connections' | 'resource-apps'>
  /** The IdP's issuer identifier */
  readonly issuer: string
  /** As the exchange computes it */
  pairwise(audience: string, userId: string): string
}

export function reachOfConnection(
  { resourceApp, clientId, resources }: ConnectionDefinition,
  { world, issuer }: ReachParts,
): readonly Reach[] {
  const target = world['resource-apps'].get(resourceApp)?.definition
  if (target === undefined || clientId === undefined) return []
  return [{ audience: target.issuer, issuer, clientId, ...(resources.length === 0 ? {} : { resources }) }]
}

/** Its own connections, and whatever another app was granted with it as the actor. */
export function reachOfApp(app: string, parts: ReachParts): readonly Reach[] {
  const own = [...parts.world.connections.values()]
    .filter(({ definition }) => definition.app === app)
    .flatMap(({ definition }) => reachOfConnection(definition, parts))
  return [...own, ...reachOfEverything(parts).map((reach) => ({ ...reach, actor: app }))]
}

function reachOfEverything({ world, issuer }: ReachParts): readonly Reach[] {
  const audiences = new Set([...world['resource-apps'].values()].map((it) => it.definition.issuer))
  return [...audiences].map((audience) => ({ audience, issuer }))
}

export function reachOfUser(user: EvaluatedUser, { world, issuer, pairwise }: ReachParts): readonly Reach[] {
  const reached = [...world['resource-apps'].values()].flatMap(({ definition }) => {
    const subject = readSubject(definition, user, pairwise)
    return subject === undefined ? [] : [{ audience: definition.issuer, issuer, subject }]
  })
  return [...new Map(reached.map((reach) => [JSON.stringify(reach), reach])).values()]
}

/** @returns the `sub` of a user at an authorization server */
export function readSubject(
  { subject, issuer }: ResourceAppDefinition,
  user: EvaluatedUser,
  pairwise: ReachParts['pairwise'],
): string | undefined {
  if (subject === 'pairwise') return pairwise(issuer, user.id)
  const value = readUserSource(subject, user)
  return value === undefined ? undefined : String(value)
}

type Act = Pick<Block, 'id' | 'kind' | 'target' | 'onlyFor' | 'until'>

/** @returns the revocations by issuer of the authorization server */
export function listRevocations(
  { holds, blocks, accessGrants }: Pick<World, 'holds' | 'blocks' | 'accessGrants'>,
  users: ReadonlyMap<string, EvaluatedUser>,
  parts: ReachParts,
): ReadonlyMap<string, readonly Revocation[]> {
  const acts: readonly Act[] = [
    ...[...holds.values()].flatMap(toAct),
    ...blocks.values(),
    ...listRevokedGrants(accessGrants, users, parts),
  ]
  const revocations = acts.flatMap((act) =>
    reachOfAct(act, users, parts).map(({ audience, ...reach }) => ({
      audience,
      revocation: { id: act.id, ...reach, ...(act.until === undefined ? {} : { until: act.until }) },
    })),
  )
  const byAudience = Map.groupBy(revocations, ({ audience }) => audience)
  return new Map(
    [...byAudience].map(([audience, list]) => [audience, list.map(({ revocation }) => revocation)]),
  )
}

/** A suspended connection issues nothing new; earlier tokens stay valid unless they are revoked as well. */
function toAct({ kind, target, state, revokeTokens }: Hold): readonly Act[] {
  const livesOn = kind === 'connection' && state === 'suspended' && revokeTokens !== true
  return livesOn ? [] : [{ id: holdId(kind, target), kind, target }]
}

/** An ID-JAG lives at most five minutes, and clocks differ by at most one. */
const ID_JAG_OUT_MS = 6 * MINUTE_MS

/** ID-JAGs issued under a revoked access grant are no longer redeemed, unless the user has access in another way. */
function listRevokedGrants(
  accessGrants: World['accessGrants'],
  users: ReadonlyMap<string, EvaluatedUser>,
  { world }: ReachParts,
): readonly Act[] {
  const grants = [...accessGrants.values()]
  const hasAccess = ({ connection, user }: AccessGrantRecord) => {
    const found = users.get(user)
    const assignments = world.connections.get(connection)?.definition.assignments
    const isAssigned =
      found !== undefined && assignments !== undefined && findAssignment(assignments, found) !== undefined
    return (
      isAssigned ||
      grants.some((it) => it.state === 'active' && it.connection === connection && it.user === user)
    )
  }
  return grants.flatMap((grant) =>
    grant.state !== 'revoked' || grant.over === undefined || hasAccess(grant)
      ? []
      : [
          {
            ...{ id: grant.id, kind: 'connection', target: grant.connection, onlyFor: grant.user },
            until: new Date(Date.parse(grant.over.at) + ID_JAG_OUT_MS).toISOString(),
          },
        ],
  )
}

function reachOfAct(
  { onlyFor, ...act }: Act,
  users: ReadonlyMap<string, EvaluatedUser>,
  parts: ReachParts,
): readonly Reach[] {
  const reached = reachOfTarget(act, users, parts)
  if (onlyFor === undefined) return reached
  const user = users.get(onlyFor)
  return user === undefined ? [] : narrowToUser(reached, user, parts)
}

/** @returns the part of the reach that concerns one user */
export function narrowToUser(
  reached: readonly Reach[],
  user: EvaluatedUser,
  parts: ReachParts,
): readonly Reach[] {
  const known = reachOfUser(user, parts)
  return reached.flatMap((reach) =>
    known
      .filter(({ audience }) => audience === reach.audience)
      .flatMap(({ subject }) => (subject === undefined ? [] : [{ ...reach, subject }])),
  )
}

export function reachOfTarget(
  { kind, target }: Pick<Act, 'kind' | 'target'>,
  users: ReadonlyMap<string, EvaluatedUser>,
  parts: ReachParts,
): readonly Reach[] {
  switch (kind) {
    case 'connection': {
      const item: Item<ConnectionDefinition> | undefined = parts.world.connections.get(target)
      return item === undefined ? [] : reachOfConnection(item.definition, parts)
    }
    case 'app':
      return reachOfApp(target, parts)
    case 'user': {
      const user = users.get(target)
      return user === undefined ? [] : reachOfUser(user, parts)
    }
    case 'everything':
      return reachOfEverything(parts)
  }
}
