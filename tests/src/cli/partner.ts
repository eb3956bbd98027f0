// A third-party partner for `doctor`: the documents of identity provider, authorization server and API behind one socket. Healthy unless one
// thing is changed; issues nothing.
import { generateKeyPairSync } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import { GRANT_TYPE, ID_JAG_PROFILE, TOKEN_TYPE } from '@crosswalk/protocol'

export type Body = Readonly<Record<string, unknown>>

export interface Reply {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Body | string | Buffer
}

/** Replies by path that replace the healthy ones. */
export type Change = (
  healthy: Readonly<Record<string, Reply>>,
  origin: string,
) => Readonly<Record<string, Reply>>

export interface Partner {
  readonly origin: string
  readonly idp: string
  readonly as: string
  readonly api: string
  /** Received requests: method, path, and headers that could contain a secret */
  readonly seen: readonly { readonly method: string; readonly path: string; readonly secret: boolean }[]
  change(change: Change | undefined): void
  stop(): Promise<void>
}

const makeKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' })
const [IDP_KEY, AS_KEY] = [makeKey(), makeKey()]

export const PATHS = {
  idp: '/.well-known/openid-configuration/idp',
  idpKeys: '/idp/jwks',
  as: '/.well-known/oauth-authorization-server/as',
  asKeys: '/as/jwks',
  api: '/api',
  apiMetadata: '/.well-known/oauth-protected-resource/api',
} as const

function healthyReplies(origin: string): Readonly<Record<string, Reply>> {
  // Both sides may choose the same kid.
  const keys = (key: object): Reply => ({
    body: { keys: [{ ...key, kid: '1', use: 'sig' }] },
    headers: { 'cache-control': 'max-age=300' },
  })
  return {
    [PATHS.idp]: {
      body: {
        issuer: `${origin}/idp`,
        token_endpoint: `${origin}/idp/token`,
        jwks_uri: `${origin}${PATHS.idpKeys}`,
        grant_types_supported: ['authorization_code', GRANT_TYPE.tokenExchange],
        identity_chaining_requested_token_types_supported: [TOKEN_TYPE.idJag],
        token_endpoint_auth_methods_supported: ['client_secret_basic', 'private_key_jwt'],
      },
    },
    [PATHS.idpKeys]: keys(IDP_KEY),
    [PATHS.as]: {
      body: {
        issuer: `${origin}/as`,
        token_endpoint: `${origin}/as/token`,
        jwks_uri: `${origin}${PATHS.asKeys}`,
        introspection_endpoint: `${origin}/as/introspect`,
        grant_types_supported: [GRANT_TYPE.jwtBearer],
        authorization_grant_profiles_supported: [ID_JAG_PROFILE],
        token_endpoint_auth_methods_supported: ['private_key_jwt'],
        scopes_supported: ['read', 'write'],
      },
    },
    [PATHS.asKeys]: keys(AS_KEY),
    [PATHS.api]: {
      status: 401,
      headers: { 'www-authenticate': `Bearer resource_metadata="${origin}${PATHS.apiMetadata}"` },
    },
    [PATHS.apiMetadata]: {
      body: {
        resource: `${origin}/api`,
        authorization_servers: [`${origin}/as`],
        scopes_supported: ['read'],
      },
    },
  }
}

export async function startPartner(): Promise<Partner> {
  let change: Change | undefined
  const seen: Partner['seen'][number][] = []
  const server = createServer((request, response) => {
    const { method = '', url: path = '/', headers } = request
    seen.push({ method, path, secret: headers.authorization !== undefined || headers.cookie !== undefined })
    const healthy = healthyReplies(originOf(request))
    answer(response, (change?.(healthy, originOf(request)) ?? healthy)[path])
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    origin,
    idp: `${origin}/idp`,
    as: `${origin}/as`,
    api: `${origin}/api`,
    seen,
    change: (next) => void (change = next),
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const originOf = (request: IncomingMessage) => `http://${request.headers.host ?? ''}`

function answer(response: ServerResponse, { status = 200, headers, body }: Reply = { status: 404 }): void {
  const isText = typeof body === 'string' || body instanceof Buffer
  const type = isText ? 'text/html' : 'application/json'
  response.writeHead(status, { 'content-type': type, ...headers })
  response.end(isText ? body : JSON.stringify(body ?? {}))
}

/** Changes members of the document at a path; undefined removes one. */
export function edit(path: string, members: (origin: string) => Body): Change {
  return (healthy, origin) => ({
    ...healthy,
    [path]: { ...healthy[path], body: { ...(healthy[path]?.body as Body), ...members(origin) } },
  })
}

export function replace(path: string, reply: (origin: string) => Reply): Change {
  return (healthy, origin) => ({ ...healthy, [path]: reply(origin) })
}
