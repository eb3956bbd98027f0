// Whether the authorization server of a connection knows the client that the connection names, as far as can be seen
// from here: of a server that runs elsewhere nothing is claimed.

interface Client {
  readonly id: string
  readonly active: boolean
  readonly auth: {
    readonly method: 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt' | 'none'
  }
}

export interface Registration {
  /** Of the authorization server; undefined where the resource app is not known */
  readonly issuer: string | undefined
  readonly state: 'missing' | 'not-there' | 'inactive' | 'registered' | 'elsewhere'
  /** How the client proves who it is there */
  readonly method?: Client['auth']['method']
}

interface Server {
  readonly clients: readonly Client[]
  readonly clientMetadata?: { readonly allow: readonly string[] } | undefined
}

/**
 * @param issuers - of resource apps, by their ids
 * @param servers - that run here, by their issuers
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
    // A client that describes itself is known by its document, which only the server reads.
    return { issuer, state: isDescribed(clientId, server) ? 'elsewhere' : 'not-there' }
  return { issuer, state: client.active ? 'registered' : 'inactive', method: client.auth.method }
}

function isDescribed(clientId: string, { clientMetadata }: Server): boolean {
  if (clientMetadata === undefined || !URL.canParse(clientId)) return false
  const { allow } = clientMetadata
  return allow.includes(clientId) || allow.includes(new URL(clientId).host)
}
