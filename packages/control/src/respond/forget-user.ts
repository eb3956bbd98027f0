// What is kept about a user beside the definition, and what they still have: it goes with them. Their removal is durable before
// that, so a process that ends in between leaves some of it; no later user of the same id may come to it.
import type { AdminContext } from '../http/context.ts'
import { parseStoredDefinition } from '../definitions/stored-items.ts'
import type { Parts } from '../parts.ts'
import type { VaultPart } from '../vault/vault.ts'
import type { AccessRevoker } from './access-revoker.ts'

export type ForgetUserParts = Parts<'storage'> &
  VaultPart & { readonly revoker: Pick<AccessRevoker, 'endSessions' | 'revokeUser'> }

/** Credentials, links to other providers, stored accounts and sessions. */
export async function forgetUser(
  { storage, vault, revoker }: ForgetUserParts,
  context: AdminContext,
  id: string,
): Promise<void> {
  await storage.passwordHashes.remove(id)
  await storage.secondFactors.remove(id)
  await storage.upstreamLinks.remove(id)
  await vault.revoke(context, { userId: id })
  await revoker.endSessions(id)
}

/**
 * The same for a user who was removed, and their live access tokens. Does nothing for an id that never was one of the database.
 *
 * @returns how many tokens were revoked
 */
export async function forgetRemoved(
  parts: ForgetUserParts,
  context: AdminContext,
  id: string,
): Promise<number> {
  const history = await parts.storage.objects.history('users', id)
  const last = history.find(({ body }) => body !== undefined)
  if (last === undefined) return 0
  await forgetUser(parts, context, id)
  return parts.revoker.revokeUser(parseStoredDefinition('users', id, last.body))
}
