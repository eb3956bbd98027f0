// A Resource Authorization Server of another user: node-oidc-provider with a grant that takes ID-JAGs, as its users would add
// one. It shares no code with ours.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { createRemoteJWKSet, customFetch, jwtVerify } from 'jose'
import Provider, { errors } from 'oidc-provider'

export interface ForeignAs {
  readonly issuer: string
  readonly resource: string
  stop(): Promise<void>
}

export interface ForeignAsOptions {
  /** Its issuer; asked for when it is needed first, since it may be there later */
  readonly idp: string | (() => string)
  readonly client: { readonly id: string; readonly secret: string }
  readonly fetch: (url: string, init?: RequestInit) => Promise<Response>
  readonly nowMs: () => number
}

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

interface Assertion {
  readonly assertion?: string
}

export async function startForeignAs(options: ForeignAsOptions): Promise<ForeignAs> {
  const late: { handle?: ReturnType<Provider['callback']> } = {}
  const server = createServer((req, res) => void late.handle?.(req, res))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const resource = `${issuer}/api`
  late.handle = createProvider(issuer, resource, options).callback()
  return {
    issuer,
    resource,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function createProvider(issuer: string, resource: string, options: ForeignAsOptions): Provider {
  const { client, fetch, nowMs } = options
  const findIdp = () => (typeof options.idp === 'string' ? options.idp : options.idp())
  const api = {
    scope: 'todos.read todos.write',
    audience: resource,
    accessTokenTTL: 300,
    accessTokenFormat: 'jwt',
  } as const
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [],
        response_types: [],
        grant_types: [JWT_BEARER],
      },
    ],
    features: {
      devInteractions: { enabled: false },
      resourceIndicators: { enabled: true, getResourceServerInfo: () => api },
    },
    scopes: ['todos.read', 'todos.write'],
    findAccount: (_, sub) => ({ accountId: sub, claims: async () => ({ sub }) }),
  })
  let keys: ReturnType<typeof createRemoteJWKSet> | undefined
  const names = ['assertion', 'scope', 'resource']
  provider.registerGrantType<Assertion>(
    JWT_BEARER,
    async (ctx) => {
      const { client: caller, params } = ctx.oidc
      const idp = findIdp()
      keys ??= createRemoteJWKSet(new URL(`${idp}/jwks`), { [customFetch]: fetch })
      const checks = {
        issuer: idp,
        audience: issuer,
        typ: 'oauth-id-jag+jwt',
        currentDate: new Date(nowMs()),
      }
      const { payload } = await jwtVerify(params.assertion ?? '', keys, checks).catch(() => {
        throw new errors.InvalidGrant('the assertion was not accepted')
      })
      if (payload['client_id'] !== caller.clientId) throw new errors.InvalidGrant('another client')
      const scope = String(payload['scope'])
      const token = new provider.AccessToken({
        accountId: String(payload.sub),
        client: caller,
        gty: 'jwt-bearer',
        scope,
      } as never)
      token.resourceServer = new provider.ResourceServer(resource, api)
      ctx.body = {
        access_token: await token.save(),
        token_type: 'Bearer',
        expires_in: token.expiration,
        scope,
      }
    },
    names,
  )
  return provider
}
