// Client secrets of definitions: in memory and at rest only as keyed hashes.
import { registerClientAuth, type SecretHasher } from '@crosswalk/as-core'
import type { ClientAuth } from '@crosswalk/protocol'

export function hashClientSecret<T extends { readonly auth: ClientAuth }>(
  client: T,
  hasher: SecretHasher,
): T {
  return { ...client, auth: registerClientAuth(client.auth, hasher) }
}
