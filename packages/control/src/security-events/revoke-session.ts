// Ends access from a session at authorization servers of this process when the session ends: its live ID-JAGs can no
// longer be redeemed, and access tokens issued from them are revoked. Other sessions of the user continue. Servers
// elsewhere are notified by security events, if they accept any; otherwise the access expires.
import { buildAuditEvent, type Clock, newId, type ReplayKey, replayKeyDigest } from '@crosswalk/as-core'
import type { IdpPorts } from '@crosswalk/idp'
import type { RedemptionSnapshot } from '@crosswalk/policy'
import { HOUR_MS } from '@crosswalk/protocol'
import type { ReceivedRevocation, ReceivedRevocations } from '@crosswalk/resource-as'
import type { Storage } from '@crosswalk/storage'

import type { Directory } from '../definitions/directory.ts'
import { holdId } from '../definitions/records.ts'

type EndedSession = Parameters<NonNullable<IdpPorts['revokeSession']>>[0]

const PAGE = 200
/** Lifetime of an ID-JAG (JAG-09); an access token issued at its end lives on from there. */
const LONGEST_ID_JAG_SECONDS = 300
/** The clocks of the processes that issued ID-JAGs may differ by this much. */
const MARGIN_MS = HOUR_MS
/** If they differ more, no server accepts their ID-JAGs. */
const ID_JAG_MARGIN_MS = 180_000

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

/**
 * Revokes, records, and revokes again: the record is written after every grant that was decided before, so the second
 * pass finds what those grants issued. May be repeated, such as after a fault: only what is new is recorded again.
 *
 * @returns the function to call when a session has ended; durable when it resolves
 */
export function createRevokeSession(parts: RevokeSessionParts): (ended: EndedSession) => Promise<void> {
  return async (ended) => {
    const servers = [...parts.directory.current().redemption.values()]
    if (servers.length === 0) return
    const longest = Math.max(...servers.map(({ definition }) => definition.accessTokenTtlSeconds))
    const backMs = MARGIN_MS + (longest + LONGEST_ID_JAG_SECONDS) * 1000
    const known = new Set<string>()
    for (let pass = 0; pass < 2; pass += 1) {
      const grants = await findGrants(ended, backMs, parts)
      const id = newId('evt')
      const revocations = servers.flatMap((server) => buildRevocations({ id, grants, server }, parts))
      if (revocations.length === 0) return
      await parts.receivedRevocations.add(revocations.filter(({ grantId }) => !known.has(grantId)))
      let count = 0
      for (const { authorizationServer, grantId } of revocations) {
        known.add(grantId)
        count += await parts.storage.accessTokens.revoke(
          { authorizationServer, grantId },
          parts.clock.nowMs(),
        )
      }
      await record({ id, ended, revocations, count }, parts)
    }
  }
}

/**
 * Ends the live ID-JAGs of all sessions of a user, which have ended. Revokes no access tokens: the caller revokes and
 * records those of the user.
 */
export function createEndIdJags(
  parts: Omit<RevokeSessionParts, 'issuer'> & { readonly issuer: string | undefined },
): (userId: string) => Promise<void> {
  return async (userId) => {
    const { issuer } = parts
    const servers = [...parts.directory.current().redemption.values()]
    if (servers.length === 0 || issuer === undefined) return
    const grants = await findGrants({ userId }, ID_JAG_MARGIN_MS + LONGEST_ID_JAG_SECONDS * 1000, parts)
    // As for a suspended user, so that records of denials show the same reference.
    const id = holdId('user', userId)
    await parts.receivedRevocations.add(
      servers.flatMap((server) => buildRevocations({ id, grants, server }, { ...parts, issuer })),
    )
  }
}

interface SessionGrant {
  readonly grantId: string
  readonly audience: string
}

/** The ID-JAGs of the session that were issued in this period until now */
async function findGrants(
  { userId, session, issuedUntil = Infinity, clientId }: EndedSession,
  backMs: number,
  { storage }: Pick<RevokeSessionParts, 'storage'>,
): Promise<readonly SessionGrant[]> {
  const since = (await storage.expiry.readTimeMs()) - backMs
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
      const subject = event.decision?.request.subject
      // An ID token from before may have been exchanged since, until we heard of the end.
      if (Date.parse(subject?.issued_at ?? event.time) > issuedUntil * 1000) continue
      if (session !== undefined && subject?.session !== session) continue
      if (grantId !== undefined && audience !== undefined) grants.push({ grantId, audience })
    }
    cursor = page.next
  } while (cursor !== undefined)
  return grants
}

type GrantRevocation = ReceivedRevocation & { readonly grantId: string }

interface Building {
  /** Of the event or act that the record of a denial refers to */
  readonly id: string
  readonly grants: readonly SessionGrant[]
  readonly server: RedemptionSnapshot
}

function buildRevocations(
  { id, grants, server }: Building,
  { issuer, clock }: RevokeSessionParts,
): readonly GrantRevocation[] {
  const issuedUntil = clock.nowMs() / 1000 + 1
  const expiresAt = issuedUntil + server.definition.maxIdJagLifetimeSeconds + 2 * server.clockSkewSeconds
  const times = { issuedUntil, expiresAt, rememberedUntil: expiresAt }
  return grants
    .filter(({ audience }) => audience === server.issuer)
    .map(({ grantId }) => ({ id, authorizationServer: server.id, issuer, grantId, ...times }))
}

interface Recorded {
  readonly id: `evt_${string}`
  readonly ended: EndedSession
  readonly revocations: readonly GrantRevocation[]
  /** Of revoked tokens */
  readonly count: number
}

/** Records once that these ID-JAGs are revoked, and each time that tokens were. */
async function record(
  { id, ended, revocations, count }: Recorded,
  { clock, storage }: RevokeSessionParts,
): Promise<void> {
  const { userId, clientId, byApp = false } = ended
  const event = buildAuditEvent(clock.nowMs(), {
    id,
    type: 'token.revoked',
    category: 'response',
    severity: 'notice',
    outcome: 'success',
    ...(byApp && clientId !== undefined
      ? { actor: { kind: 'app', id: clientId, client_id: clientId }, on_behalf_of: { user_ref: userId } }
      : { actor: { kind: 'user', id: userId } }),
    ...(clientId === undefined ? {} : { target: { kind: 'app', id: clientId } }),
    change: { revoked_tokens: count, ended_sessions: clientId === undefined },
  })
  const once: ReplayKey = {
    kind: 'token-revocation',
    key: replayKeyDigest('token-revocation', userId, ...revocations.map(({ grantId }) => grantId)),
    expiresAt: Math.max(...revocations.map(({ expiresAt }) => expiresAt)),
  }
  const { committed } = await storage.ledger.commit({ log: 'idp', event, replayKeys: [once] })
  if (!committed && count > 0) await storage.ledger.commit({ log: 'idp', event })
}
