// Revoking what was issued: live access tokens at authorization servers that run here, and sessions.
// A token issued elsewhere is out of reach; its authorization server is not told here.
import type { Clock, Sealing } from '@crosswalk/as-core'
import { createPairwise } from '@crosswalk/idp'
import type { Person } from '@crosswalk/policy'
import type { ConnectionDefinition } from '@crosswalk/protocol'
import type { AccessTokens } from '@crosswalk/resource-as'

import type { Directory } from '../definitions/directory.ts'
import { buildTokenSelectors } from '../definitions/withdraw-held.ts'
import {
  narrowToUser,
  type Reach,
  reachOfApp,
  reachOfConnection,
  reachOfUser,
  type ReachParts,
} from '../definitions/withdrawals.ts'

/** Each revokes live access tokens and resolves with how many, once that is durable. */
export interface Withdrawal {
  /** Born of the connection */
  withdrawConnection(connection: ConnectionDefinition): Promise<number>
  /** Born of any connection of the app */
  withdrawApp(app: string): Promise<number>
  /** Issued for one user over the connection */
  withdrawUserOf(connection: ConnectionDefinition, user: Person): Promise<number>
  /** Issued for a user, through whatever app */
  withdrawUser(user: Person): Promise<number>
  /** Ends every session of a user, and their refresh tokens. */
  endSessions(userId: string): Promise<void>
}

export interface WithdrawalParts {
  readonly directory: Pick<Directory, 'current'>
  readonly accessTokens: AccessTokens
  readonly sealing: Pick<Sealing, 'keyedDigest'>
  readonly clock: Clock
  /** The IdP's issuer identifier; undefined where none runs here */
  readonly issuer: string | undefined
  endSessions(userId: string): Promise<void>
}

export function createWithdrawal(parts: WithdrawalParts): Withdrawal {
  const { directory, accessTokens, sealing, clock, issuer } = parts

  async function withdraw(find: (reachParts: ReachParts) => readonly Reach[]): Promise<number> {
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
    withdrawConnection: (connection) => withdraw((it) => reachOfConnection(connection, it)),
    withdrawUserOf: (connection, user) =>
      withdraw((it) => narrowToUser(reachOfConnection(connection, it), user, it)),
    withdrawApp: (app) => withdraw((it) => reachOfApp(app, it)),
    withdrawUser: (user) => withdraw((it) => reachOfUser(user, it)),
    endSessions: (userId) => parts.endSessions(userId),
  }
}
