// Deletes data about a removed user that is stored outside the definition. The removal itself is durable first, so a
// process that dies in between leaves some of it behind, and the user must not get it back when restored.
import { removeToken } from '../administrators/tokens.ts'
import type { AdminContext } from '../http/context.ts'
import { parseStoredDefinition } from '../definitions/stored-items.ts'
import type { Parts } from '../parts.ts'
import type { VaultPart } from '../vault/vault.ts'
import type { AccessRevoker } from './access-revoker.ts'

export type ForgetUserParts = Parts<'storage' | 'directory' | 'clock'> & VaultPart

/** Credentials, links to other providers, stored accounts, and tokens of the admin API. */
export async function forgetUser(parts: ForgetUserParts, context: AdminContext, id: string): Promise<void> {
  const { storage, directory, vault } = parts
  await storage.passwordHashes.remove(id)
  await storage.secondFactors.remove(id)
  await storage.upstreamLinks.remove(id)
  await vault.revoke(context, { userId: id })
  for (const token of directory.current().world.tokens.values())
    if (token.principal === id) await removeToken(parts, context, token)
}

/**
 * The same for a user who was removed, including their sessions and live access tokens. Does nothing for a user who is in
 * the database, even if this process does not know it yet, nor for an id that was never in it.
 *
 * @returns the number of revoked access tokens
 */
export async function forgetRemoved(
  parts: ForgetUserParts & { readonly revoker: Pick<AccessRevoker, 'endSessions' | 'revokeUser'> },
  context: AdminContext,
  id: string,
): Promise<number> {
  const [removal, ...earlier] = await parts.storage.objects.history('users', id)
  const last = removal?.body === undefined ? earlier.find(({ body }) => body !== undefined) : undefined
  if (last === undefined) return 0
  await forgetUser(parts, context, id)
  const user = parseStoredDefinition('users', id, last.body)
  await parts.revoker.endSessions(id, user)
  return parts.revoker.revokeUser(user)
}
