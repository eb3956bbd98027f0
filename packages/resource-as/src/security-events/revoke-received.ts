// Makes what a security event revokes void here: ID-JAGs from before are refused, access tokens born of them inactive.
import type { Clock } from '@crosswalk/as-core'
import { dropUndefined, type EpochSeconds } from '@crosswalk/protocol'

import type { AccessTokens, TokenSelector } from '../ports.ts'
import type { ReceivedRevocation } from './received-revocations.ts'

/** Between the moment an act was written down and the moment it holds in every process of the issuer. */
const SETTLING_SECONDS = 0.25
/** Moments come in whole seconds, so an event may have happened this much later than it says. */
const WHOLE_SECOND = 0.999
/** An event on its way for longer says nothing about what was issued after it. */
const LARGEST_DELAY_SECONDS = 60

/**
 * Until when ID-JAGs are meant by an event, on the clock of their issuer. Its act may have come into force a little after
 * the moment that the event tells, though not after the event was received.
 */
export function findIssuedUntil(happenedAt: EpochSeconds, receivedAt: EpochSeconds): EpochSeconds {
  const inForce = Math.min(receivedAt + SETTLING_SECONDS, happenedAt + LARGEST_DELAY_SECONDS)
  return Math.max(happenedAt + WHOLE_SECOND, inForce)
}

export interface RevokeParts {
  readonly accessTokens: AccessTokens
  readonly clock: Clock
}

/** @returns how many live tokens were revoked; those of later grants live on, however often an event is sent */
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
    ...dropUndefined({ tenant, issuerSubject: subject, accountId, clientId, grantId }),
  }
  let count = 0
  for (const resource of resources ?? [undefined])
    count += await accessTokens.revoke(resource === undefined ? selector : { ...selector, resource }, nowMs)
  return count
}
