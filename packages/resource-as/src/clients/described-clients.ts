// Unregistered clients that describe themselves in a Client ID Metadata Document. They redeem ID-JAGs only with keys
// that their document lists, and get what a trusted issuer granted to exactly this client_id, or what a user consented
// to.
import {
  type ClientDocuments,
  type Clock,
  createClientDocuments,
  type DocumentFetch,
  isLoopbackHost,
} from '@crosswalk/as-core'
import type { RedemptionSnapshot } from '@crosswalk/policy'
import {
  type ClientMetadata,
  GRANT_TYPE,
  isAllowedClientMetadataUrl,
  type ResourceClientDefinition,
} from '@crosswalk/protocol'

export interface DescribedClients {
  readonly documents: ClientDocuments
  /** @returns the client as read when it last authenticated */
  find(clientId: string): ResourceClientDefinition | undefined
  /** Whether the allow-list still includes a client, without reading its document */
  isAllowed(clientId: string): boolean
}

export interface DescribedClientsParts {
  readonly baseUrl: string
  readonly fetch: DocumentFetch
  readonly clock: Clock
  snapshot(): RedemptionSnapshot
}

export function createDescribedClients(parts: DescribedClientsParts): DescribedClients {
  const allowLoopback = isLoopbackHost(new URL(parts.baseUrl).hostname)
  const allow = () => parts.snapshot().definition.clientMetadata?.allow ?? []
  const documents = createClientDocuments({ ...parts, allow, allowLoopback })
  return {
    documents,
    find(clientId) {
      const client = documents.peek(clientId)
      return client === undefined ? undefined : describe(client)
    },
    isAllowed: (clientId) => isAllowedClientMetadataUrl(clientId, allow(), { allowLoopback }),
  }
}

/** A public client must be registered here by name to redeem ID-JAGs (D11). */
function describe(client: ClientMetadata): ResourceClientDefinition {
  const redeems = client.auth.method === 'private_key_jwt' && client.grantTypes.includes(GRANT_TYPE.jwtBearer)
  const asks = client.grantTypes.includes(GRANT_TYPE.authorizationCode)
  return {
    id: client.id,
    name: client.name,
    auth: client.auth,
    grantTypes: [
      ...(redeems ? [GRANT_TYPE.jwtBearer, GRANT_TYPE.jwtDpop] : []),
      ...(asks ? [GRANT_TYPE.authorizationCode] : []),
    ],
    redirectUris: [...client.redirectUris],
    dpopBoundAccessTokens: client.dpopBoundAccessTokens,
    introspects: [],
    active: true,
  }
}
