// A company's identity provider for tests: `oidc-provider` with one client. It signs in the user that the test names, and records the
// requests it receives.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { Provider } from 'oidc-provider'

export interface CorpUser {
  readonly sub: string
  readonly claims: Readonly<Record<string, unknown>>
  readonly acr?: string
  readonly amr?: readonly string[]
  /** Epoch seconds; default: now */
  readonly signedInAt?: number
}

export interface CorpProvider {
  readonly issuer: string
  readonly client: { readonly id: string; readonly secret: string }
  /** Authorization requests, in order */
  readonly asked: URLSearchParams[]
  /** The user at the browser; undefined if they decline */
  user: CorpUser | undefined
  /**
   * Sets the client's redirect URIs; call it before any sign-in
   * @param logoutUri - where logout tokens are posted
   */
  open(redirectUris: readonly string[], logoutUri?: string): void
  close(): Promise<void>
}

const CLIENT = { id: 'crosswalk', secret: 'the secret of Crosswalk at the company' }

export async function startCorpProvider(): Promise<CorpProvider> {
  let handle: ReturnType<Provider['callback']> | undefined
  const server: Server = createServer((request, response) => void handle?.(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const people = new Map<string, CorpUser>()
  const corp: CorpProvider = {
    issuer,
    client: CLIENT,
    asked: [],
    user: undefined,
    open(redirectUris, logoutUri) {
      const provider = createProvider(issuer, redirectUris, people, logoutUri)
      provider.use(async (ctx, next) => {
        if (ctx.path === '/auth') corp.asked.push(new URLSearchParams(ctx.querystring))
        if (!ctx.path.startsWith('/interaction/')) return next()
        const { user } = corp
        if (user !== undefined) people.set(user.sub, user)
        await provider.interactionFinished(
          ctx.req,
          ctx.res,
          user === undefined ? { error: 'access_denied' } : buildResult(user),
        )
        ctx.respond = false
      })
      handle = provider.callback()
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
  return corp
}

function buildResult({ sub, acr, amr, signedInAt }: CorpUser) {
  const login = {
    accountId: sub,
    ...(acr === undefined ? {} : { acr }),
    ...(amr === undefined ? {} : { amr: [...amr] }),
    ts: signedInAt ?? Math.floor(Date.now() / 1000),
  }
  return { login }
}

function createProvider(
  issuer: string,
  redirectUris: readonly string[],
  people: ReadonlyMap<string, CorpUser>,
  logoutUri: string | undefined,
): Provider {
  return new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: [...redirectUris],
        ...(logoutUri === undefined
          ? {}
          : { backchannel_logout_uri: logoutUri, backchannel_logout_session_required: true }),
      },
    ],
    // Logout tokens go to this machine, which the library's own SSRF guard would block.
    fetch: (url, { dispatcher: _guard, ...options }: RequestInit & { dispatcher?: unknown } = {}) =>
      globalThis.fetch(url, options),
    cookies: {
      keys: ['a key of the cookies of the company'],
      names: { session: 'corp_session', interaction: 'corp_interaction', resume: 'corp_resume' },
    },
    claims: {
      openid: ['sub', 'auth_time', 'acr', 'amr', 'session_expiry'],
      profile: ['preferred_username', 'name', 'groups'],
      email: ['email', 'email_verified'],
    },
    acrValues: ['mfa', 'urn:corp:smartcard'],
    // Put profile claims into the ID token, as other products do.
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true } },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    findAccount: (_ctx, sub) => ({
      accountId: sub,
      claims: () => ({ sub, ...people.get(sub)?.claims }),
    }),
    async loadExistingGrant(ctx) {
      const grant = new ctx.oidc.provider.Grant({
        clientId: CLIENT.id,
        accountId: String(ctx.oidc.session?.accountId),
      })
      grant.addOIDCScope('openid profile email')
      await grant.save()
      return grant
    },
  })
}
