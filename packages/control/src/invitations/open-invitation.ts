// Opens an invitation: accepts only what its maker's published keys signed, and only while it is valid.
import { type Invitation, LONGEST_INVITATION, zInvitation } from '@crosswalk/admin-api'
import {
  type Clock,
  createIssuerKeys,
  decodeCompactJws,
  type GuardedFetch,
  verifySignature,
} from '@crosswalk/as-core'
import { accept, ASYMMETRIC_ALGORITHMS, DAY_SECONDS, refuse, type Result, zIssuer } from '@crosswalk/protocol'
import { z } from 'zod'

import { INVITATION_TYPE } from './make-invitation.ts'

export interface OpenInvitation {
  readonly invitation: Invitation
  readonly madeBy: string
  readonly expiresAt: string
}

const zClaims = z.strictObject({
  iss: zIssuer,
  jti: z.string().min(1).max(256),
  iat: z.int().nonnegative(),
  exp: z.int().nonnegative(),
  invitation: zInvitation,
})

const LONGEST_SECONDS = 30 * DAY_SECONDS
const CLOCK_SKEW_SECONDS = 60

/** @returns the invitation, or a sentence why it cannot be accepted */
export async function openInvitation(
  signed: string,
  { fetch, clock }: { readonly fetch: GuardedFetch; readonly clock: Clock },
): Promise<Result<OpenInvitation, string>> {
  const decoded = decodeCompactJws(signed, LONGEST_INVITATION)
  if (!decoded.accepted || decoded.value.header.typ !== INVITATION_TYPE)
    return refuse('This is not an invitation.')
  const claims = zClaims.safeParse(decoded.value.claims)
  if (!claims.success) return refuse('This version cannot read the format of the invitation.')
  const { iss, iat, exp, invitation } = claims.data
  const now = clock.nowMs() / 1000
  if (exp <= now) return refuse(`The invitation expired at ${toDate(exp)}. Request a new one.`)
  if (iat > now + CLOCK_SKEW_SECONDS || exp - iat > LONGEST_SECONDS)
    return refuse('The invitation has invalid times. Request a new one.')
  if (iss !== invitation.identityProvider.issuer && iss !== invitation.authorizationServer.issuer)
    return refuse(`${iss} signed the invitation but is not a party to the connection.`)
  const { alg, kid } = decoded.value.header
  const algorithms: readonly string[] = ASYMMETRIC_ALGORITHMS
  if (!algorithms.includes(alg)) return refuse(`The invitation is signed with ${alg}, which is not accepted.`)
  const key = await createIssuerKeys({ fetch, clock }).find({ issuer: iss, kid, algorithm: alg })
  if (!key.accepted) {
    const { reason, detail = reason } = key.refusal
    return refuse(`The keys of ${iss} cannot be used: ${detail}.`)
  }
  const verified = verifySignature({ decoded: decoded.value, key: key.value, algorithms })
  if (!verified.accepted) return refuse(`The signature is not from ${iss}. The file was changed.`)
  return accept({ invitation, madeBy: iss, expiresAt: toDate(exp) })
}

function toDate(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}
