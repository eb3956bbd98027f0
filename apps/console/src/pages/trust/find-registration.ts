// Finds whether a connection's authorization server knows its client. Unknown for external servers.
import { isAllowedClientMetadataUrl } from '@crosswalk/protocol'

interface Client {
  readonly id: string
  readonly active: boolean
  readonly auth: {
    readonly method: 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt' | 'none'
  }
}

export interface Registration {
  /** Issuer of the authorization server; undefined if the resource app is unknown */
  readonly issuer: string | undefined
  readonly state: 'missing' | 'not-there' | 'inactive' | 'registered' | 'elsewhere'
  /** Authentication method of the client there */
  readonly method?: Client['auth']['method']
}

interface Server {
  readonly clients: readonly Client[]
  readonly clientMetadata?: { readonly allow: readonly string[] } | undefined
}

/**
 * @param issuers - of resource apps, by id
 * @param servers - local ones, by issuer
 */
export function findRegistration(
  { resourceApp, clientId }: { readonly resourceApp: string; readonly clientId?: string | undefined },
  issuers: ReadonlyMap<string, string>,
  servers: ReadonlyMap<string, Server>,
): Registration {
  const issuer = issuers.get(resourceApp)
  if (clientId === undefined) return { issuer, state: 'missing' }
  const server = issuer === undefined ? undefined : servers.get(issuer)
  if (server === undefined) return { issuer, state: 'elsewhere' }
  const client = server.clients.find(({ id }) => id === clientId)
  if (client === undefined)
    // A client with a metadata document is known only to the server.
    return { issuer, state: describesItself(clientId, server) ? 'elsewhere' : 'not-there' }
  return { issuer, state: client.active ? 'registered' : 'inactive', method: client.auth.method }
}

function describesItself(clientId: string, { clientMetadata }: Server): boolean {
  return isAllowedClientMetadataUrl(clientId, clientMetadata?.allow ?? [], { allowLoopback: true })
}
