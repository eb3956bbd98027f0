// Revokes tokens of a service that could not be stored (RFC 7009): no one could use or revoke them later. Tried once only,
// because the database, which keeps what is due, may have failed.
import { newId } from '@crosswalk/as-core'
import type { OauthClient } from '@crosswalk/as-core/oidc'
import type { CredentialPlace } from '@crosswalk/storage'

import type { AdminContext } from '../http/context.ts'
import { listTokensInUse, revokeTokens } from './notify-services.ts'
import { buildEvent } from './store-credential.ts'
import {
  type OauthBrokered,
  type OauthContent,
  openRevocationClient,
  type VaultParts,
} from './vault-parts.ts'

/** What the revocation needs from the database, read while it was reachable */
export interface UnstoredRevoker {
  readonly place: CredentialPlace
  /** Undefined if the service has no revocation endpoint, or the client secret may not be sent there */
  readonly client: OauthClient | undefined
  /** Whether revoking these tokens would also end an earlier connection */
  readonly endsEarlier: boolean
}

export async function prepareUnstoredRevocation(
  parts: VaultParts,
  place: CredentialPlace,
  brokered: OauthBrokered,
): Promise<UnstoredRevoker> {
  const { revocationEndpoint, onReconnect } = brokered.credential
  const client =
    revocationEndpoint === undefined
      ? undefined
      : await openRevocationClient(parts, place.resourceApp, brokered)
  const endsEarlier = onReconnect === 'keep' && (await parts.storage.credentials.find(place)) !== undefined
  return { place, client, endsEarlier }
}

/** Never throws. Records whether it succeeded, if the database can. */
export async function revokeUnstored(
  parts: VaultParts,
  context: AdminContext,
  content: OauthContent,
  revoker: UnstoredRevoker,
): Promise<void> {
  const { place } = revoker
  const problem = await tryRevoke(parts, content, revoker).catch((fault: unknown) => String(fault))
  if (problem === 'stored') return
  if (problem !== undefined) parts.onFault(new Error(`${place.resourceApp}: ${problem}`), 'vault')
  const verb = problem === undefined ? 'revoked' : 'revocation_failed'
  const event = buildEvent(parts, context, { credential: { ...place, id: newId('crd') }, verb })
  await parts.storage.ledger.commit(event).catch((fault: unknown) => parts.onFault(fault, 'vault'))
}

/** @returns why the tokens live on, `stored` if they were stored after all; undefined if they were revoked */
async function tryRevoke(
  parts: VaultParts,
  content: OauthContent,
  { place, client, endsEarlier }: UnstoredRevoker,
): Promise<string | undefined> {
  // Only the response of the database may have been lost.
  const inUse: readonly unknown[] = await listTokensInUse(parts, place).catch(() => [])
  if (inUse.includes(content.accessToken)) return 'stored'
  if (client === undefined) return 'the service cannot be asked to revoke tokens that were not stored'
  if (endsEarlier) return 'tokens that were not stored live on, because revoking them would end earlier ones'
  return revokeTokens(client, content, inUse)
}
