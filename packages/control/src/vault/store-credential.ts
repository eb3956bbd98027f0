// Stores and revokes credentials: each is durable together with its audit event, which never contains the credential.
import { type LoggedEvent, newId } from '@crosswalk/as-core'
import type { CredentialPlace, CredentialQuery, StoredCredential } from '@crosswalk/storage'

import { buildAdminEvent } from '../audit/change-event.ts'
import { StaleRevision } from '../definitions/judged-changes.ts'
import { type AdminContext, principalOf } from '../http/context.ts'
import { type Content, isOauth, sealContent, type VaultParts } from './vault-parts.ts'

export interface NewContent {
  readonly place: CredentialPlace
  readonly content: Content
}

/**
 * Replaces an earlier credential, whose tokens are revoked at the service: they must not outlive it.
 *
 * @param judge - what to store under the current definitions, or why nothing: user and resource app may have been removed
 * just now, and with them their credentials
 */
export async function storeCredential<Problem extends string>(
  parts: VaultParts,
  context: AdminContext,
  judge: () => Promise<NewContent | Problem>,
): Promise<{ readonly id: string } | Problem> {
  const { directory, storage } = parts
  return directory.judgeAndWrite(async () => {
    const { revision: definedAt } = directory.current().world
    const judged = await judge()
    if (typeof judged === 'string') return judged
    const { place, content } = judged
    const id = newId('crd')
    const credential = {
      ...place,
      id,
      sealed: sealContent(parts, id, content),
      storedAt: parts.clock.nowMs(),
      storedBy: principalOf(context.caller),
    }
    const event = buildEvent(parts, context, { credential, verb: 'stored' })
    const earlier = revokesEarlier(content) ? 'revoked' : 'deleted'
    if (!(await storage.credentials.put(credential, event, { earlier, definedAt }))) throw new StaleRevision()
    return { id }
  })
}

function revokesEarlier({ brokered }: Content): boolean {
  return isOauth(brokered) && brokered.credential.onReconnect === 'revoke'
}

/** They are no longer released once this resolves; the service is notified later. @returns their number */
export async function revokeCredentials(
  parts: VaultParts,
  context: AdminContext,
  query: CredentialQuery,
): Promise<number> {
  const { credentials, expiry } = parts.storage
  let count = 0
  // Client secrets, which belong to no user, last: they are needed until their tokens are revoked at the service.
  for (const credential of (await credentials.list(query)).toReversed()) {
    const event = buildEvent(parts, context, { credential, verb: 'revoked' })
    if (!(await credentials.revoke(credential.id, await expiry.readTimeMs(), event))) continue
    count += 1
    if (credential.kind === 'apiKey') await credentials.forget(credential.id)
  }
  return count
}

interface About {
  readonly credential: CredentialPlace & Pick<StoredCredential, 'id'>
  readonly verb: 'stored' | 'revoked' | 'revocation_failed'
}

export function buildEvent(
  { clock }: Pick<VaultParts, 'clock'>,
  context: AdminContext,
  { credential: { id, kind, resourceApp, userId }, verb }: About,
): LoggedEvent {
  return buildAdminEvent(context, clock.nowMs(), {
    type: `vault.${verb}`,
    category: 'connection',
    severity: verb === 'revocation_failed' ? 'warning' : 'notice',
    target: { kind: 'resource_app', id: resourceApp },
    ...(userId === undefined ? {} : { on_behalf_of: { user_ref: userId } }),
    change: { credential: id, kind },
  })
}
