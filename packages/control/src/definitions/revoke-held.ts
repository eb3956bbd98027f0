// Repeats the revocations of active acts: for tokens that were being issued at the time, here or in another process,
// and for acts whose process died before it revoked their tokens.
import { ADMIN_LOG, buildAuditEvent, type Clock, type Ledger, type LoggedEvent } from '@crosswalk/as-core'
import { hasEnded, type RedemptionSnapshot, type Revocation } from '@crosswalk/policy'
import { dropUndefined, type EpochMs } from '@crosswalk/protocol'
import type { AccessTokens, TokenSelector } from '@crosswalk/resource-as'

import type { Reach } from './revocations.ts'

export interface RevokeHeldParts {
  /** By the id of the authorization server */
  readonly redemption: ReadonlyMap<string, RedemptionSnapshot>
  readonly accessTokens: AccessTokens
  readonly ledger: Pick<Ledger, 'commit'>
  readonly clock: Clock
}

/** @returns when all tokens are revoked and recorded; idempotent */
export async function revokeHeld({
  redemption,
  accessTokens,
  ledger,
  clock,
}: RevokeHeldParts): Promise<void> {
  for (const [server, { revocations }] of redemption) {
    for (const revocation of revocations.filter((it) => isInForce(it, clock.nowMs()))) {
      const selectors = buildTokenSelectors(server, revocation)
      const count = await revokeSelected(accessTokens, selectors, clock.nowMs())
      if (count > 0)
        await ledger.commit(buildRevokedEvent({ kind: 'act', id: revocation.id }, count, clock.nowMs()))
    }
  }
}

export function buildTokenSelectors(
  authorizationServer: string,
  { issuer, clientId, subject, resources, actor }: Omit<Reach, 'audience'>,
): readonly TokenSelector[] {
  const selector = {
    authorizationServer,
    issuer,
    ...dropUndefined({ clientId, issuerSubject: subject }),
    ...(actor === undefined ? {} : { actor: { issuer, id: actor } }),
  }
  return resources === undefined ? [selector] : resources.map((resource) => ({ ...selector, resource }))
}

/** @returns the number of tokens that were revoked */
export async function revokeSelected(
  accessTokens: Pick<AccessTokens, 'revoke'>,
  selectors: readonly TokenSelector[],
  nowMs: EpochMs,
): Promise<number> {
  const counts = await Promise.all(selectors.map((selector) => accessTokens.revoke(selector, nowMs)))
  return counts.reduce((total, count) => total + count, 0)
}

function isInForce({ until }: Revocation, nowMs: number): boolean {
  return !hasEnded(until, nowMs / 1000)
}

/** The event of a housekeeping revocation. @param target - the act or user whose tokens were still live */
export function buildRevokedEvent(
  target: { readonly kind: 'act' | 'user'; readonly id: string },
  count: number,
  nowMs: EpochMs,
): LoggedEvent {
  const event = buildAuditEvent(nowMs, {
    type: 'token.revoked',
    category: 'response',
    severity: 'warning',
    outcome: 'success',
    actor: { kind: 'system', id: 'housekeeping' },
    target,
    ...(target.kind === 'user' ? { on_behalf_of: { user_ref: target.id } } : {}),
    change: { revoked_tokens: count },
  })
  return { log: ADMIN_LOG, event }
}
