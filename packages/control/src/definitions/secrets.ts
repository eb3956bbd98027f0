// Hashes client secrets of definitions: they are kept only as keyed hashes, in memory and at rest.
import { registerClientAuth, type SecretHasher } from '@crosswalk/as-core'
import type { ClientAuth } from '@crosswalk/protocol'

export function hashClientSecret<T extends { readonly auth: ClientAuth }>(
  client: T,
  hasher: SecretHasher,
): T {
  return { ...client, auth: registerClientAuth(client.auth, hasher) }
}
