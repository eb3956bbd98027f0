// A third-party service without ID-JAG support: an OAuth server (`oidc-provider`) with one client, and an API behind it. It approves users
// without a page, and records the requests at its API.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import { Provider } from 'oidc-provider'

export interface CalendarService {
  readonly origin: string
  readonly client: { readonly id: string; readonly secret: string }
  /** Headers of the requests at the API, in order */
  readonly received: IncomingMessage['headers'][]
  /** Every issued access and refresh token */
  readonly issued: string[]
  /** Tokens that were revoked at the revocation endpoint */
  readonly revoked: string[]
  /** Lifetime of new access tokens in seconds */
  lifetimeSeconds: number
  /** While true, the token and revocation endpoints respond with 503 */
  down: boolean
  /** Runs at the token endpoint, before its response is sent */
  meanwhile: (() => Promise<void>) | undefined
  open(redirectUri: string): void
  /** As if the user had revoked access at the service */
  revoke(refreshToken: string): Promise<void>
  close(): Promise<void>
}

const CLIENT = { id: 'crosswalk', secret: 'the secret of Crosswalk at the calendar' }

export async function startCalendarService(): Promise<CalendarService> {
  let handle: ReturnType<Provider['callback']> | undefined
  let provider: Provider | undefined
  const server: Server = createServer((request, response) => {
    if (request.url?.startsWith('/api/')) void serveApi(request, response)
    else void handle?.(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  async function serveApi(request: IncomingMessage, response: ServerResponse): Promise<void> {
    calendar.received.push(request.headers)
    const { url = '', headers } = request
    const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? ''
    const isKnown = token === KEY || (await provider?.AccessToken.find(token)) !== undefined
    if (url === '/api/away') return void response.writeHead(302, { location: `${origin}/api/events` }).end()
    if (!isKnown || url === '/api/refused')
      return void response.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"' }).end()
    if (url === '/api/unchanged') return void response.writeHead(304, { etag: '"v1"' }).end()
    // Echoes the request, as debugging services do.
    response.writeHead(200, {
      'content-type': 'application/json',
      'set-cookie': 'service=1',
      'x-echo': String(headers.authorization),
    })
    response.end(JSON.stringify({ url, method: request.method, headers }))
  }

  const calendar: CalendarService = {
    origin,
    client: CLIENT,
    received: [],
    issued: [],
    revoked: [],
    lifetimeSeconds: 600,
    down: false,
    meanwhile: undefined,
    open(redirectUri) {
      provider = createProvider(calendar, redirectUri)
      handle = provider.callback()
    },
    async revoke(token) {
      await (await provider?.RefreshToken.find(token))?.destroy()
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
  return calendar
}

/** An API key that the API also accepts */
export const KEY = 'an-api-key-of-the-calendar-0123456789'

function createProvider(calendar: CalendarService, redirectUri: string): Provider {
  const provider = new Provider(calendar.origin, {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code', 'refresh_token'],
      },
    ],
    cookies: { keys: ['a key of the cookies of the calendar'] },
    scopes: ['calendar.read'],
    ttl: { AccessToken: () => calendar.lifetimeSeconds },
    features: { devInteractions: { enabled: false }, revocation: { enabled: true } },
    issueRefreshToken: () => Promise.resolve(true),
    rotateRefreshToken: () => true,
    pkce: { required: () => true },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
    async loadExistingGrant(ctx) {
      const grant = new ctx.oidc.provider.Grant({
        clientId: CLIENT.id,
        accountId: String(ctx.oidc.session?.accountId),
      })
      grant.addOIDCScope('calendar.read')
      await grant.save()
      return grant
    },
  })
  provider.use(async (ctx, next) => {
    if (ctx.path.startsWith('/interaction/')) {
      await provider.interactionFinished(ctx.req, ctx.res, { login: { accountId: 'alice-there' } })
      ctx.respond = false
      return
    }
    if (calendar.down && ['/token', '/token/revocation'].includes(ctx.path)) {
      ctx.status = 503
      return
    }
    await next()
    const body = ctx.body as Readonly<Record<string, unknown>> | undefined
    if (ctx.path === '/token') {
      for (const token of [body?.access_token, body?.refresh_token])
        if (typeof token === 'string') calendar.issued.push(token)
      await calendar.meanwhile?.()
    }
    const revoked = ctx.oidc?.params?.token
    if (ctx.path === '/token/revocation' && typeof revoked === 'string') calendar.revoked.push(revoked)
  })
  return provider
}
