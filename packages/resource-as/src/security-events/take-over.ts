// Takes over what other processes received from issuers: their revocations take effect here within moments, and tokens
// issued here in the meantime are revoked.
import { type Clock, findRestMs } from '@crosswalk/as-core'
import type { TrustedIssuerDefinition } from '@crosswalk/protocol'

import type { AccessTokens } from '../ports.ts'
import type { ReceivedRevocation, ReceivedRevocations } from './received-revocations.ts'
import { revokeReceived } from './revoke-received.ts'

/** How often to look for what other processes received. */
export const TAKE_OVER_EVERY_MS = 250

export interface TakeOverParts {
  readonly receivedRevocations: Pick<ReceivedRevocations, 'refresh'>
  readonly accessTokens: AccessTokens
  readonly clock: Clock
}

/** Whether an issuer may revoke what it granted. */
export function mayRevoke({ securityEvents, globalTokenRevocation }: TrustedIssuerDefinition): boolean {
  return securityEvents !== undefined || globalTokenRevocation === true
}

/**
 * Runs one round per call. The first one reactivates earlier revocations, and repeats those that a crash may have
 * interrupted. Rounds must run one after another.
 */
export function createTakeOver(parts: TakeOverParts): () => Promise<void> {
  const { receivedRevocations, clock } = parts
  let due: readonly ReceivedRevocation[] = []
  return async () => {
    const fresh = await receivedRevocations.refresh(clock.nowMs() / 1000)
    // Later rounds do not return them again, so they stay due if the database fails now.
    due = [...due, ...fresh]
    for (const revocation of due) await revokeReceived(revocation, parts)
    // Repeat once: tokens decided here before may be stored only now.
    due = fresh
  }
}

/**
 * For programs without a timer of their own.
 *
 * @returns a function to await before a request is decided; it runs a round if the last one is too long ago
 */
export function takeOverWithRequests(
  takeOver: () => Promise<void>,
  { clock, onFault }: { readonly clock: Clock; onFault(fault: unknown, reference: string): void },
): () => Promise<void> {
  let lookedAtMs = clock.nowMs()
  let rounds = Promise.resolve()
  return () => {
    const nowMs = clock.nowMs()
    if (findRestMs(lookedAtMs, TAKE_OVER_EVERY_MS, nowMs) > 0) return rounds
    lookedAtMs = nowMs
    rounds = rounds.then(takeOver).catch((fault: unknown) => onFault(fault, 'received-security-events'))
    return rounds
  }
}
