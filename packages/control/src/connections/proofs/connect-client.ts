// Sets up the OAuth library for an app at one authorization server, to redeem codes and revoke tokens. Metadata is
// discovered; the SDK authenticates the client.
import type { ClientAuth } from '@crosswalk/client'
import * as oidc from 'openid-client'

import type { ProofFetch } from './proof-fetch.ts'

export interface ProvenClient {
  readonly id: string
  readonly auth: ClientAuth
}

export interface IssuerConnection {
  readonly issuer: string
  readonly client: ProvenClient
  readonly fetch: ProofFetch['fetch']
  nowMs(): number
}

/** @throws if the issuer publishes no metadata for exactly this issuer */
export async function connectClient(
  { issuer, client, fetch, nowMs }: IssuerConnection,
  algorithm: 'oidc' | 'oauth2',
): Promise<oidc.Configuration> {
  const customFetch: oidc.CustomFetch = (url, options) => fetch(url, options as RequestInit)
  const execute = issuer.startsWith('http:') ? [oidc.allowInsecureRequests] : []
  const found = await oidc.discovery(new URL(issuer), client.id, undefined, oidc.None(), {
    algorithm,
    execute,
    [oidc.customFetch]: customFetch,
  })
  const server = found.serverMetadata()
  const methods = server.token_endpoint_auth_methods_supported
  const { headers, params } = await client.auth.build({
    clientId: client.id,
    issuer,
    tokenEndpoint: server.token_endpoint ?? '',
    nowSeconds: Math.floor(nowMs() / 1000),
    ...(methods === undefined ? {} : { methods }),
  })
  const configuration = new oidc.Configuration(
    server,
    client.id,
    undefined,
    (_server, _client, body, sent) => {
      for (const [name, value] of Object.entries(params)) body.set(name, value)
      for (const [name, value] of Object.entries(headers)) sent.set(name, value)
    },
  )
  configuration[oidc.customFetch] = customFetch
  for (const change of execute) change(configuration)
  return configuration
}
