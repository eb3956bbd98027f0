// Revoking what was issued: live access tokens at authorization servers that run here, and sessions.
// A token issued elsewhere is out of reach; its authorization server is not told here.
import type { Clock, Sealing } from '@crosswalk/as-core'
import { createPairwise } from '@crosswalk/idp'
import type { EvaluatedUser } from '@crosswalk/policy'
import type { ConnectionDefinition } from '@crosswalk/protocol'
import type { AccessTokens } from '@crosswalk/resource-as'

import type { Directory } from '../definitions/directory.ts'
import { buildTokenSelectors } from '../definitions/revoke-held.ts'
import {
  narrowToUser,
  type Reach,
  reachOfApp,
  reachOfConnection,
  reachOfUser,
  type ReachParts,
} from '../definitions/revocations.ts'

/** Each revokes live access tokens and resolves with how many, once that is durable. */
export interface AccessRevoker {
  /** Born of the connection */
  revokeConnection(connection: ConnectionDefinition): Promise<number>
  /** Born of any connection of the app */
  revokeApp(app: string): Promise<number>
  /** Issued for one user over the connection */
  revokeUserOf(connection: ConnectionDefinition, user: EvaluatedUser): Promise<number>
  /** Issued for a user, through whatever app */
  revokeUser(user: EvaluatedUser): Promise<number>
  /** Ends every session of a user, and their refresh tokens. */
  endSessions(userId: string): Promise<void>
}

export interface RevokerPart {
  readonly revoker: AccessRevoker
}

export interface AccessRevokerParts {
  readonly directory: Pick<Directory, 'current'>
  readonly accessTokens: AccessTokens
  readonly sealing: Pick<Sealing, 'keyedDigest'>
  readonly clock: Clock
  /** The IdP's issuer identifier; undefined where none runs here */
  readonly issuer: string | undefined
  endSessions(userId: string): Promise<void>
}

export function createAccessRevoker(parts: AccessRevokerParts): AccessRevoker {
  const { directory, accessTokens, sealing, clock, issuer } = parts

  async function revokeReached(find: (reachParts: ReachParts) => readonly Reach[]): Promise<number> {
    if (issuer === undefined) return 0
    const { world } = directory.current()
    const servers = [...world['authorization-servers'].values()].map(({ definition }) => definition)
    const selectors = find({ world, issuer, pairwise: createPairwise(sealing) }).flatMap((reach) =>
      servers
        .filter((server) => server.issuer === reach.audience)
        .flatMap(({ id }) => buildTokenSelectors(id, reach)),
    )
    const counts = await Promise.all(selectors.map((it) => accessTokens.revoke(it, clock.nowMs())))
    return counts.reduce((total, count) => total + count, 0)
  }

  return {
    revokeConnection: (connection) => revokeReached((it) => reachOfConnection(connection, it)),
    revokeUserOf: (connection, user) =>
      revokeReached((it) => narrowToUser(reachOfConnection(connection, it), user, it)),
    revokeApp: (app) => revokeReached((it) => reachOfApp(app, it)),
    revokeUser: (user) => revokeReached((it) => reachOfUser(user, it)),
    endSessions: (userId) => parts.endSessions(userId),
  }
}
