// Applies a security event: affected ID-JAGs are refused, and access tokens derived from them become inactive.
import type { Clock } from '@crosswalk/as-core'
import { dropUndefined, type EpochSeconds } from '@crosswalk/protocol'

import type { AccessTokens, TokenSelector } from '../ports.ts'
import type { ReceivedRevocation } from './received-revocations.ts'

/** The time an act needs to take effect in every process of the issuer. */
const SETTLING_SECONDS = 0.25
/** Times are whole seconds, so an event may have happened this much later than stated. */
const WHOLE_SECOND = 0.999
/** A longer delivery says nothing about what was issued in between. */
const LARGEST_DELAY_SECONDS = 60

/**
 * The latest issue time of affected ID-JAGs, on the clock of their issuer. The act may have taken effect slightly after
 * the time in the event, but not after the event was received.
 */
export function findIssuedUntil(happenedAt: EpochSeconds, receivedAt: EpochSeconds): EpochSeconds {
  const inForce = Math.min(receivedAt + SETTLING_SECONDS, happenedAt + LARGEST_DELAY_SECONDS)
  return Math.max(happenedAt + WHOLE_SECOND, inForce)
}

export interface RevokeParts {
  readonly accessTokens: AccessTokens
  readonly clock: Clock
}

/**
 * @returns the number of revoked tokens; tokens of later grants are never affected, however often an event is repeated
 */
export async function revokeReceived(
  revocation: ReceivedRevocation,
  { accessTokens, clock }: RevokeParts,
): Promise<number> {
  if (revocation.onlyIdJags === true) return 0
  const { authorizationServer, issuer, tenant, subject, accountId, clientId, grantId, resources } = revocation
  const nowMs = clock.nowMs()
  const selector: TokenSelector = {
    authorizationServer,
    issuer,
    grantIssuedUntil: revocation.issuedUntil,
    ...(revocation.onlySignIns === true ? { grantType: 'authorization_code' } : {}),
    ...dropUndefined({ tenant, issuerSubject: subject, accountId, clientId, grantId }),
  }
  let count = 0
  for (const resource of resources ?? [undefined])
    count += await accessTokens.revoke(resource === undefined ? selector : { ...selector, resource }, nowMs)
  return count
}
