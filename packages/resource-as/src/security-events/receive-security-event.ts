// The endpoint for security events from issuers (RFC 8935). A SET is trusted for its signature alone; before it is
// acknowledged, its revocations are applied and recorded.
import { createPushEndpoint, type IssuerKeys, type PushRefusal } from '@crosswalk/as-core'
import type { RedemptionSnapshot } from '@crosswalk/policy'
import { accept, checkSecurityEvent, findReplayEnd, JWT_TYP, type Result } from '@crosswalk/protocol'

import type { Accounts } from '../ports.ts'
import { findTargets } from './find-target.ts'
import { revokeAndRecord, type RevokeAndRecordParts } from './revoke-and-record.ts'
import { type ExpectedToken, verifyIssuerToken } from './verify-issuer-token.ts'

export interface SecurityEventReceiverParts extends RevokeAndRecordParts {
  snapshot(): RedemptionSnapshot
  readonly issuerKeys: IssuerKeys
  readonly accounts: Accounts
  onFault(fault: unknown, reference: string): void
}

const SECURITY_EVENT_TOKEN: ExpectedToken = {
  typ: JWT_TYP.securityEvent,
  isAccepted: ({ securityEvents }) => securityEvents !== undefined,
  name: 'security events',
}

export function createSecurityEventReceiver(
  parts: SecurityEventReceiverParts,
): (request: Request) => Promise<Response> {
  return createPushEndpoint({
    receive: (token) => receive(token, parts),
    onFault: (fault, reference) => parts.onFault(fault, reference),
  })
}

async function receive(
  token: string,
  parts: SecurityEventReceiverParts,
): Promise<Result<undefined, PushRefusal>> {
  const snapshot = parts.snapshot()
  const { clockSkewSeconds } = snapshot
  const receivedAt = parts.clock.nowMs() / 1000
  const verified = await verifyIssuerToken(token, SECURITY_EVENT_TOKEN, { ...parts, snapshot })
  if (!verified.accepted) return verified
  const { claims, issuer, trust, closed } = verified.value
  const settings = trust[0].securityEvents
  if (settings === undefined) throw new TypeError('verified by an entry that accepts no security events')
  const { audience = snapshot.issuer, maxAgeSeconds } = settings
  const checked = checkSecurityEvent(claims, { audience, now: receivedAt, clockSkewSeconds, maxAgeSeconds })
  if (!checked.accepted) return checked
  const event = checked.value
  const targets = await findTargets({ server: snapshot.id, issuer, trust, closed, event }, parts.accounts)
  if (!targets.accepted) return targets
  const rememberedUntil = findReplayEnd(event.issuedAt + maxAgeSeconds, clockSkewSeconds)
  await revokeAndRecord(
    { snapshot, issuer, event, targets: targets.value, receivedAt, rememberedUntil },
    parts,
  )
  return accept(undefined)
}
