// Ends access from a session at authorization servers of this process when the session ends: its live ID-JAGs can no
// longer be redeemed, and access tokens issued from them are revoked. Other sessions of the user continue. Servers
// elsewhere are notified by security events, if they accept any; otherwise the access expires.
import { type AuditEvent, buildAuditEvent, type Clock, newId } from '@crosswalk/as-core'
import type { IdpPorts } from '@crosswalk/idp'
import type { RedemptionSnapshot } from '@crosswalk/policy'
import type { ReceivedRevocation, ReceivedRevocations } from '@crosswalk/resource-as'
import type { Storage } from '@crosswalk/storage'

import type { Directory } from '../definitions/directory.ts'

type EndedSession = Parameters<NonNullable<IdpPorts['afterSessionEnd']>>[0]

const PAGE = 200
/** Lifetime of an ID-JAG (JAG-09); an access token issued at its end lives on from there. */
const LONGEST_ID_JAG_SECONDS = 300
/** The clocks of the processes that issued ID-JAGs may differ by this much. */
const MARGIN_MS = 3_600_000

export interface RevokeSessionParts {
  readonly directory: Pick<Directory, 'current'>
  readonly storage: Pick<Storage, 'events' | 'accessTokens' | 'ledger'> & {
    readonly expiry: Pick<Storage['expiry'], 'readTimeMs'>
  }
  readonly receivedRevocations: Pick<ReceivedRevocations, 'add'>
  readonly clock: Clock
  /** The IdP's issuer identifier */
  readonly issuer: string
}

/** @returns the function to call when a session has ended; durable when it resolves */
export function createRevokeSession(parts: RevokeSessionParts): (ended: EndedSession) => Promise<void> {
  return async (ended) => {
    const servers = [...parts.directory.current().redemption.values()]
    if (servers.length === 0) return
    const grants = await findGrants(ended, servers, parts)
    const id = newId('evt')
    const nowMs = parts.clock.nowMs()
    const revocations = servers.flatMap((server) =>
      grants
        .filter(({ audience }) => audience === server.issuer)
        .map(({ grantId }) => buildRevocation({ id, grantId, server, issuer: parts.issuer, nowMs })),
    )
    await parts.receivedRevocations.add(revocations)
    let count = 0
    for (const { authorizationServer, grantId } of revocations)
      if (grantId !== undefined)
        count += await parts.storage.accessTokens.revoke({ authorizationServer, grantId }, nowMs)
    if (revocations.length > 0)
      await parts.storage.ledger.commit({ log: 'idp', event: buildEvent({ id, ended, count, nowMs }) })
  }
}

interface SessionGrant {
  readonly grantId: string
  readonly audience: string
}

/** The ID-JAGs of the session that may still be live, or have live access tokens. */
async function findGrants(
  { userId, session, issuedUntil = Infinity, clientId }: EndedSession,
  servers: readonly RedemptionSnapshot[],
  { storage }: RevokeSessionParts,
): Promise<readonly SessionGrant[]> {
  const longest = Math.max(...servers.map(({ definition }) => definition.accessTokenTtlSeconds))
  const since = (await storage.expiry.readTimeMs()) - MARGIN_MS - (longest + LONGEST_ID_JAG_SECONDS) * 1000
  const grants: SessionGrant[] = []
  let cursor: string | undefined
  do {
    const page = await storage.events.list({
      log: 'idp',
      types: ['idjag.issued'],
      user: userId,
      ...(clientId === undefined ? {} : { app: clientId }),
      since,
      limit: PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    })
    for (const { event } of page.items) {
      const grantId = event.delegation?.grant_id
      const audience = event.decision?.granted?.audience
      if (Date.parse(event.time) > issuedUntil * 1000) continue
      if (session !== undefined && event.decision?.request.subject?.session !== session) continue
      if (grantId !== undefined && audience !== undefined) grants.push({ grantId, audience })
    }
    cursor = page.next
  } while (cursor !== undefined)
  return grants
}

interface Building {
  readonly id: string
  readonly grantId: string
  readonly server: RedemptionSnapshot
  readonly issuer: string
  readonly nowMs: number
}

function buildRevocation({ id, grantId, server, issuer, nowMs }: Building): ReceivedRevocation {
  const issuedUntil = nowMs / 1000 + 1
  const expiresAt = issuedUntil + server.definition.maxIdJagLifetimeSeconds + 2 * server.clockSkewSeconds
  const authorizationServer = server.id
  return { id, authorizationServer, issuer, grantId, issuedUntil, expiresAt, rememberedUntil: expiresAt }
}

function buildEvent({
  id,
  ended,
  count,
  nowMs,
}: {
  readonly id: `evt_${string}`
  readonly ended: EndedSession
  readonly count: number
  readonly nowMs: number
}): AuditEvent {
  return buildAuditEvent(nowMs, {
    id,
    type: 'token.revoked',
    category: 'response',
    severity: 'notice',
    outcome: 'success',
    actor: { kind: 'user', id: ended.userId },
    ...(ended.clientId === undefined ? {} : { target: { kind: 'app', id: ended.clientId } }),
    change: { revoked_tokens: count, ended_sessions: ended.clientId === undefined },
  })
}
