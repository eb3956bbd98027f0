// Revokes live access tokens at authorization servers that run here, and sessions. Tokens issued elsewhere are out of
// reach; their authorization servers are notified elsewhere.
import { setImmediate as nextTurn } from 'node:timers/promises'

import type { Sealing } from '@crosswalk/as-core'
import { createPairwise } from '@crosswalk/idp/definitions'
import type { EvaluatedUser } from '@crosswalk/policy'
import type { ConnectionDefinition, EpochMs } from '@crosswalk/protocol'
import type { AccessTokens, IssuedAccessToken, TokenSelector } from '@crosswalk/resource-as'
import type { Storage } from '@crosswalk/storage'

import {
  narrowToUser,
  type Reach,
  reachOfApp,
  reachOfConnection,
  reachOfUser,
  type ReachParts,
} from '../definitions/revocations.ts'
import { revokeSelected } from '../definitions/revoke-held.ts'
import { listDenialsOfGrant, type GrantParts } from './denials-of-grant.ts'
import { type AffectedUsers, endTokens } from './lost-assignment.ts'
import { selectReached } from './select-reached.ts'

const PAGE = 200
/** With more users, all live tokens are checked instead. */
const MAX_USERS = 50

/** Each method revokes live access tokens and resolves with their number once that is durable. */
export interface AccessRevoker {
  /** Issued over the connection */
  revokeConnection(connection: ConnectionDefinition): Promise<number>
  /** Issued over any connection of the app */
  revokeApp(app: string): Promise<number>
  /** Issued for one user over the connection. @param until - leaves those of ID-JAGs issued later */
  revokeUserOf(connection: ConnectionDefinition, user: EvaluatedUser, until?: EpochMs): Promise<number>
  /** Issued for a user, through any app */
  revokeUser(user: EvaluatedUser): Promise<number>
  /** Issued for these reaches */
  revokeReach(reach: readonly Reach[]): Promise<number>
  /** Issued here, whatever the issuer of their ID-JAGs */
  revokeSelected(selectors: readonly TokenSelector[]): Promise<number>
  /** Issued for users who are no longer assigned, or now have another name, among those that a change may affect */
  revokeUnassigned(affected: AffectedUsers): Promise<number>
  /** The same for all users. @param signal - aborts it @returns the number per user */
  revokeOutdated(signal: AbortSignal): Promise<ReadonlyMap<string, number>>
  /**
   * Ends every session of a user, and their refresh tokens, ID-JAGs and authorization codes.
   *
   * @param removed - the last definition of a user who was removed
   */
  endSessions(userId: string, removed?: EvaluatedUser): Promise<void>
}

export interface RevokerPart {
  readonly revoker: AccessRevoker
}

export interface AccessRevokerParts extends GrantParts {
  readonly accessTokens: AccessTokens
  readonly liveAccess: Pick<Storage['liveAccess'], 'list'>
  readonly sealing: Pick<Sealing, 'keyedDigest'>
  /** The IdP's issuer identifier; undefined if none runs here */
  readonly issuer: string | undefined
  readonly endSessions: AccessRevoker['endSessions']
}

export function createAccessRevoker(parts: AccessRevokerParts): AccessRevoker {
  const { directory, accessTokens, sealing, clock, issuer } = parts

  function select(find: (reachParts: ReachParts) => readonly Reach[]): readonly TokenSelector[] {
    if (issuer === undefined) return []
    const { world } = directory.current()
    return selectReached(world, find({ world, issuer, pairwise: createPairwise(sealing) }))
  }

  function revokeReached(find: (reachParts: ReachParts) => readonly Reach[]): Promise<number> {
    return revokeSelected(accessTokens, select(find), clock.nowMs())
  }

  async function selectAffected(affected: AffectedUsers): Promise<readonly TokenSelector[]> {
    switch (affected.kind) {
      case 'users': {
        if (affected.ids.length > MAX_USERS) return selectAffected({ kind: 'everyone' })
        const users = await directory.current().users.findMany(affected.ids)
        return select((it) => [...users.values()].flatMap((user) => reachOfUser(user, it)))
      }
      case 'connection': {
        const { connection, endedAt } = affected
        return issuedUntil(
          endedAt,
          select((it) => reachOfConnection(connection, it)),
        )
      }
      case 'app':
        return select((it) => reachOfApp(affected.id, it))
      case 'everyone':
        return issuer === undefined ? [] : [{ issuer }]
    }
  }

  async function revokeUnassigned(
    affected: AffectedUsers,
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, number>> {
    const selectors = await selectAffected(affected)
    const find = memoizeByHolder(async ({ grantId }) => {
      // There may be hundreds of thousands, and SQLite answers without a pause.
      await nextTurn()
      return listDenialsOfGrant(parts, grantId)
    })
    const counts = new Map<string, number>()
    let cursor: string | undefined
    do {
      const query = { selectors, nowMs: clock.nowMs(), limit: PAGE, cursor }
      await nextTurn()
      const { items, next } = await parts.liveAccess.list(query)
      for (const token of items) {
        const { authorizationServer, id, grantType } = token
        // A token from an authorization code has no ID-JAG.
        if (grantType !== undefined) continue
        const { denials, user = '' } = await find(token)
        if (!endTokens(denials, affected)) continue
        const count = await accessTokens.revoke({ authorizationServer, id }, clock.nowMs())
        counts.set(user, (counts.get(user) ?? 0) + count)
      }
      cursor = next
    } while (cursor !== undefined && signal?.aborted !== true)
    return counts
  }

  return {
    async revokeUnassigned(affected) {
      const counts = await revokeUnassigned(affected)
      return [...counts.values()].reduce((total, count) => total + count, 0)
    },
    revokeOutdated: (signal) => revokeUnassigned({ kind: 'everyone' }, signal),
    revokeReach: (reach) => revokeReached(() => reach),
    revokeSelected: (selectors) => revokeSelected(accessTokens, selectors, clock.nowMs()),
    revokeConnection: (connection) => revokeReached((it) => reachOfConnection(connection, it)),
    revokeUserOf(connection, user, until) {
      const selectors = select((it) => narrowToUser(reachOfConnection(connection, it), user, it))
      return revokeSelected(accessTokens, issuedUntil(until, selectors), clock.nowMs())
    },
    revokeApp: (app) => revokeReached((it) => reachOfApp(app, it)),
    revokeUser: (user) => revokeReached((it) => reachOfUser(user, it)),
    endSessions: (userId, removed) => parts.endSessions(userId, removed),
  }
}

function issuedUntil(ms: EpochMs | undefined, selectors: readonly TokenSelector[]): readonly TokenSelector[] {
  if (ms === undefined) return selectors
  return selectors.map((selector) => ({ ...selector, grantIssuedUntil: Math.floor(ms / 1000) }))
}

/** Tokens of one client for one user at one resource depend on the same definitions, so only one is looked up. */
function memoizeByHolder<T>(
  look: (token: IssuedAccessToken) => Promise<T>,
): (token: IssuedAccessToken) => Promise<T> {
  const known = new Map<string, Promise<T>>()
  return (token) => {
    const { authorizationServer, clientId, issuerSubject, resource, act } = token
    const key = JSON.stringify([authorizationServer, clientId, issuerSubject, resource, act])
    const found = known.get(key) ?? look(token)
    known.set(key, found)
    return found
  }
}
