// Which clients may ask about tokens at all; about which tokens, introspection and revocation say themselves.
import type { AskingClient } from '@crosswalk/as-core'

import type { RedemptionDependencies } from './dependencies.ts'

/** A client that was switched off does nothing here any more; one that describes itself is allowed while it can be read. */
export function findClientObstacle(
  { clientId }: AskingClient,
  { snapshot }: Pick<RedemptionDependencies, 'snapshot'>,
): 'unauthorized_client' | undefined {
  return snapshot().clients.get(clientId)?.active === false ? 'unauthorized_client' : undefined
}

/** A client that introspects has to authenticate, lest anyone scan for tokens (RFC 7662 section 2.1). */
export function findIntrospectionObstacle(
  client: AskingClient,
  deps: Pick<RedemptionDependencies, 'snapshot'>,
): 'invalid_client' | 'unauthorized_client' | undefined {
  return client.method === 'none' ? 'invalid_client' : findClientObstacle(client, deps)
}
