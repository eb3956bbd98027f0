// Requests the stored credential behind an access token from the authorization server (RFC 8693), as its registered
// gateway. Nothing is cached: each request asks again, so that a revoked credential is not used.
import { isObject, TOKEN_TYPE } from '@crosswalk/protocol'
import { fetchTraced } from '@crosswalk/tracing'

import type { IntrospectionOptions } from '../options.ts'
import { type Json, readText, renderBasic, type ServerAccess, ServerUnreachable } from '../server-access.ts'

/** The credential for calling the service. */
export interface ReleasedSecret {
  readonly value: string
  readonly header: string
  /** Scheme before it; empty for none */
  readonly scheme: string
  /** Base URL below which it may be sent */
  readonly api: string
  readonly privateNetwork: boolean
}

/** A refusal by the authorization server. */
export interface CredentialRefusal {
  readonly error: string
  readonly description?: string | undefined
  /** Page for connecting an account */
  readonly page?: string | undefined
  readonly decisionId?: string | undefined
}

export type Exchanged = { readonly secret: ReleasedSecret } | { readonly refusal: CredentialRefusal }

/** @throws ServerUnreachable */
export async function exchangeCredential(
  token: string,
  {
    access,
    endpoint,
    client,
  }: {
    readonly access: ServerAccess
    readonly endpoint: string
    readonly client: Pick<IntrospectionOptions, 'clientId' | 'clientSecret'>
  },
): Promise<Exchanged> {
  const init: RequestInit = {
    method: 'POST',
    redirect: 'manual',
    signal: AbortSignal.timeout(access.timeoutMs),
    headers: {
      authorization: renderBasic(client),
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
    },
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: token,
      subject_token_type: TOKEN_TYPE.accessToken,
      requested_token_type: TOKEN_TYPE.storedCredential,
    }).toString(),
  }
  try {
    const response = await fetchTraced(access.fetch, { name: 'stored credential', url: endpoint, init })
    const body: unknown = JSON.parse(await readText(response))
    if (!isObject(body)) throw new Error('not a JSON object')
    return response.status === 200 ? { secret: readSecret(body) } : { refusal: readRefusal(body, response) }
  } catch (cause) {
    throw new ServerUnreachable(`${endpoint} cannot be used`, { cause })
  }
}

function readSecret({ access_token: value, issued_token_type: type, upstream }: Json): ReleasedSecret {
  if (type !== TOKEN_TYPE.storedCredential || typeof value !== 'string' || !isObject(upstream))
    throw new Error('not a stored credential')
  const { api, header, scheme, private_network: privateNetwork } = upstream
  if (typeof api !== 'string' || typeof header !== 'string' || typeof scheme !== 'string')
    throw new Error('not a stored credential')
  return { value, api, header, scheme, privateNetwork: privateNetwork === true }
}

function readRefusal(body: Json, { headers }: Response): CredentialRefusal {
  const text = (name: string) => (typeof body[name] === 'string' ? body[name] : undefined)
  return {
    error: text('error') ?? 'server_error',
    description: text('error_description'),
    page: text('error_uri'),
    decisionId: headers.get('crosswalk-decision') ?? undefined,
  }
}
