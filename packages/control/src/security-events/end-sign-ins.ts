// Ends sign-ins for the authorization code flow at servers of this process when all sessions of a user end: codes can no
// longer be redeemed, and the user has to sign in again before there is another one. Servers elsewhere are notified by
// security events.
import type { Clock, Sealing } from '@crosswalk/as-core'
import { createPairwise } from '@crosswalk/idp/definitions'
import type { EvaluatedUser, RedemptionSnapshot } from '@crosswalk/policy'
import {
  type AccessTokens,
  type ReceivedRevocation,
  type ReceivedRevocations,
  revokeReceived,
  SIGN_IN_TTL_SECONDS,
  TAKE_OVER_EVERY_MS,
} from '@crosswalk/resource-as'

import type { Directory } from '../definitions/directory.ts'
import { holdId } from '../definitions/records.ts'
import { reachOfUser } from '../definitions/revocations.ts'

export interface EndSignInsParts {
  readonly directory: Pick<Directory, 'current'>
  readonly receivedRevocations: Pick<ReceivedRevocations, 'add'>
  readonly accessTokens: AccessTokens
  readonly sealing: Pick<Sealing, 'keyedDigest'>
  readonly clock: Clock
  /** The IdP's issuer identifier; undefined if none runs here */
  readonly issuer: string | undefined
}

/** @returns a function that takes the id of a user and, if the user was removed, the last definition; durable when it resolves */
export function createEndSignIns(
  parts: EndSignInsParts,
): (userId: string, removed?: EvaluatedUser) => Promise<void> {
  return async (userId, removed) => {
    const { directory, issuer, clock } = parts
    const { redemption, users } = directory.current()
    const servers = [...redemption.values()].filter(
      ({ definition }) => definition.authorizationCode !== undefined,
    )
    if (servers.length === 0 || issuer === undefined) return
    const user = removed ?? (await users.findById(userId))
    // Later ones of the same user are other acts.
    const id = `${holdId('user', userId)}:${clock.nowMs()}`
    const revocations = servers.flatMap((server) =>
      listSubjects({ userId, user, issuer, server }, parts).map((subject) =>
        buildRevocation({ id, issuer, subject, server }, clock),
      ),
    )
    await parts.receivedRevocations.add(revocations)
    // A code may have been redeemed in the meantime.
    for (const revocation of revocations) await revokeReceived(revocation, parts)
  }
}

interface Named {
  readonly userId: string
  readonly user: EvaluatedUser | undefined
  readonly issuer: string
  readonly server: RedemptionSnapshot
}

/** @returns the names of the user at a server: that of its ID tokens, and that of its ID-JAGs */
function listSubjects(
  { userId, user, issuer, server }: Named,
  { directory, sealing }: Pick<EndSignInsParts, 'directory' | 'sealing'>,
): readonly string[] {
  const { world } = directory.current()
  const reach =
    user === undefined ? [] : reachOfUser(user, { world, issuer, pairwise: createPairwise(sealing) })
  const ofIdJags = reach.flatMap(({ audience, subject }) =>
    audience === server.issuer && subject !== undefined ? [subject] : [],
  )
  return [...new Set([userId, ...ofIdJags])]
}

interface Ending extends Pick<Named, 'issuer' | 'server'> {
  readonly id: string
  readonly subject: string
}

function buildRevocation({ id, issuer, subject, server }: Ending, clock: Clock): ReceivedRevocation {
  // Other processes learn of it within that time.
  const issuedUntil = (clock.nowMs() + TAKE_OVER_EVERY_MS) / 1000
  const expiresAt = issuedUntil + SIGN_IN_TTL_SECONDS + 2 * server.clockSkewSeconds
  const times = { issuedUntil, expiresAt, rememberedUntil: expiresAt }
  return { id, authorizationServer: server.id, issuer, subject, onlySignIns: true, ...times }
}
