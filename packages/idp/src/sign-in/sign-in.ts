// Interactive sign-in of the IdP: an OpenID Provider based on `oidc-provider`, behind one `fetch`. Connects the parts;
// each rule is in the file named after it.
import { randomBytes } from 'node:crypto'

import { answerFault, createRateLimit } from '@crosswalk/as-core'
import { createRefusalReports } from '@crosswalk/as-core/oidc'
import type { Provider } from 'oidc-provider'

import { serveOwnAccess } from './own-access/serve-own-access.ts'
import { buildErrorPage } from '../pages/error-page.ts'
import { recordSignIn } from './audit.ts'
import { createAuthenticator } from './authenticate.ts'
import { isNonCanonical } from './canonical-path.ts'
import { createBridge, type Bridge } from './provider/bridge.ts'
import { readClientAddress } from './client-address.ts'
import type { SignIn, SignInConfig, SignInPorts } from './contract.ts'
import { withRequest } from './current-request.ts'
import { ExpectedError, UnknownMethodError } from './expected-error.ts'
import { redirectPost } from './forms.ts'
import { holdError, watchErrors } from './provider/held-errors.ts'
import { serveHome } from './home.ts'
import { createGuessLimits } from './guess-limits.ts'
import { collectIssuance } from './provider/issuance.ts'
import { serveInteraction } from './interaction.ts'
import { createIssueRefreshToken } from './provider/issue-refresh-token.ts'
import { createKnownBrowsers } from './known-browsers.ts'
import { checkLibraryPage, isAppPost } from './provider/library-pages.ts'
import { serveFont } from './serve-font.ts'
import { serveScript } from './factors/passkey-script.ts'
import { answerProgram, isProgramEndpoint } from './program-endpoints.ts'
import { createProvider, ROUTES } from './provider/provider.ts'
import { createFindRefreshToken } from './provider/refresh-tokens.ts'
import { revokeFamily } from './provider/revoke-grants.ts'
import { respondWithPage, setDefaultHeaders, setFaultStatus, type Context } from './respond.ts'
import { createSecondFactor } from './factors/second-factor.ts'
import {
  createEndSessionsOfUser,
  createFindSession,
  endIfPasswordReplaced,
  nameSession,
} from './provider/sessions.ts'
import { createTrials, type Trials } from './provider/trial.ts'
import { answerForUnreachable } from './provider/unreachable-clients.ts'
import { serveUpstreamReturn } from './upstream-visit.ts'
import { createUpstreams } from './upstream/upstreams.ts'
import { describeRedirect, describeUnsupported } from './provider/unsupported-parameters.ts'
import type { Interactions } from './visit.ts'
import { limitPending } from './pending-requests.ts'

/** @throws TypeError for settings that make sign-in unsafe */
export function createSignIn(config: SignInConfig, given: SignInPorts): SignIn {
  checkConfig(config)
  const ports = { ...given, store: limitPending(given.store, given.clock) }
  const baseUrl = config.baseUrl.replace(/\/$/, '')
  const prefix = new URL(baseUrl).pathname.replace(/\/$/, '')
  const displayName = config.displayName ?? new URL(config.issuer).host
  const upstreams = createUpstreams(config.upstream ?? [], ports)
  const provider = createProvider({ config, ports, displayName, upstreams, prefix })
  const interactions = createInteractions(config, ports, { baseUrl, displayName, upstreams, provider })
  watchErrors(provider)
  describeUnsupported(provider)
  installPages(provider, interactions)
  answerForUnreachable(provider)
  const handle = provider.callback()
  const bridge = createBridge((req, res) => void handle(req, res), baseUrl)
  const trials = createTrials(config.trialRedirectUri, ports)
  const served = { bridge, trials, prefix, verifySecret: ports.verifySecret, issuer: config.issuer }
  return {
    fetch: (request, ip) => serve(request, { ...served, ip }),
    async fetchTokens(request, ip) {
      const { result, issuance } = await collectIssuance(() => serve(request, { ...served, ip }))
      return { response: result, issuance }
    },
    revokeFamily: (family) => revokeFamily(ports, family),
    isPage: (path) => !isProgramEndpoint(path.slice(prefix.length)),
    findSession: createFindSession(ports),
    findRefreshToken: createFindRefreshToken(provider, ports),
    issueRefreshToken: createIssueRefreshToken(provider, ports),
    endSessionsOfUser: createEndSessionsOfUser(provider, ports),
    endTrial: (request, ip) => trials.end(request, ip),
    metadata: () => readMetadata(bridge, baseUrl, ports),
    unknownUserAttempts: () => interactions.authenticator.unknownUserAttempts(),
  }
}

/** Many more than a user makes by hand */
const OWN_CHANGES_PER_MINUTE = 60

function createInteractions(
  {
    cookieKeys: [secret = ''],
    failedSignInsBeforeDelay,
    passwordSignIn = true,
    trialRedirectUri,
  }: SignInConfig,
  ports: SignInPorts,
  shown: Pick<Interactions, 'baseUrl' | 'displayName' | 'upstreams' | 'provider'>,
): Interactions {
  const { clock, sealing, failedSignIns: shared } = ports
  const limits = createGuessLimits({ free: failedSignInsBeforeDelay, shared, sealing })
  const knownBrowsers = createKnownBrowsers(secret, clock)
  return {
    ...shown,
    authenticator: createAuthenticator({ ports, limits, knownBrowsers }),
    secondFactor: createSecondFactor(ports, limits, shown),
    reportRefusal: createRefusalReports(clock),
    passwordSignIn,
    trialRedirectUri,
    ports,
    ownChanges: createRateLimit(OWN_CHANGES_PER_MINUTE, { clock, scope: 'own-access' }),
    formSecret: secret,
  }
}

function checkConfig({ baseUrl, loopback, cookieKeys, upstream = [], passwordSignIn }: SignInConfig): void {
  if (passwordSignIn === false && upstream.length === 0)
    throw new TypeError('without passwordSignIn there must be an upstream: otherwise no user can sign in')
  if (!baseUrl.startsWith('https:') && !loopback) {
    throw new TypeError('baseUrl must be https: over http, the session cookie could be intercepted')
  }
  if (cookieKeys.length === 0 || cookieKeys.some((key) => key.length < 32)) {
    throw new TypeError('cookieKeys: at least one, 32 characters or more each')
  }
}

/** Served elsewhere, with the keys and metadata of the whole IdP. */
const HIDDEN_PATH = /^\/(jwks|\.well-known\/.*)\/?$/i

interface Served {
  readonly bridge: Bridge
  readonly trials: Trials
  readonly prefix: string
  /** Client address */
  readonly ip: string | undefined
  readonly verifySecret: SignInPorts['verifySecret']
  readonly issuer: string
}

async function serve(request: Request, { prefix, ...served }: Served): Promise<Response> {
  const path = new URL(request.url).pathname.slice(prefix.length)
  const answer =
    HIDDEN_PATH.test(path) || isNonCanonical(path)
      ? undefined
      : isProgramEndpoint(path)
        ? await answerProgram(request, path, served)
        : await sendPage(request, path, served)
  const response = answer ?? new Response('not found', { status: 404 })
  if (!response.headers.has('cache-control')) response.headers.set('cache-control', 'no-store')
  return response
}

async function sendPage(request: Request, path: string, { bridge, trials, ip }: Omit<Served, 'prefix'>) {
  const trial = await trials.enter(request, path, ip)
  if (trial === undefined) return bridge.send(request, ip)
  const answer = await bridge.send(trial, ip)
  return answer === undefined ? undefined : trials.leave(answer)
}

/** Installs our pages before the library's routes, so that the library never handles them. */
function installPages(provider: Provider, interactions: Interactions): void {
  const { ports } = interactions
  provider.on('server_error', (ctx, error) => {
    ports.reportFault(error, String(ctx.state['reference']))
    setFaultStatus(ctx, error)
  })
  provider.use(async (ctx, next) => {
    ctx.state['reference'] = randomBytes(6).toString('hex')
    setDefaultHeaders(ctx)
    try {
      await withRequest(ctx, () => handle(ctx, next))
    } catch (error) {
      await respondWithError(ctx, error, interactions)
    }
  })

  async function handle(ctx: Context, next: () => Promise<unknown>): Promise<void> {
    checkLibraryPage(ctx)
    if (isAppPost(ctx)) await redirectPost(ctx, `${interactions.baseUrl}${ctx.path}`)
    else if (!(await serveOwn(ctx, interactions))) await next()
    await endIfPasswordReplaced(ctx, ports)
    describeRedirect(ctx)
    await holdError(ctx, interactions)
    await recordSessionEnd(ctx, ports)
    if (ctx.status === 404 && ctx.body === undefined) throw new ExpectedError(404, 'not_found', ctx.path)
  }
}

async function serveOwn(ctx: Context, interactions: Interactions): Promise<boolean> {
  if (
    (await serveHome(ctx, interactions)) ||
    serveScript(ctx) ||
    serveFont(ctx) ||
    (await serveUpstreamReturn(ctx, interactions))
  )
    return true
  return (await serveOwnAccess(ctx, interactions)) || serveInteraction(ctx, interactions)
}

const SIGN_OUT_PATH = `${ROUTES.end_session}/confirm`

async function recordSessionEnd(ctx: Context, ports: SignInPorts): Promise<void> {
  const { session, client } = (ctx['oidc'] ?? {}) as {
    session?: { destroyed?: boolean; accountId?: string; uid: string }
    client?: { clientId: string }
  }
  if (session?.accountId === undefined) return
  const ended = { userId: session.accountId, session: nameSession(session.uid) }
  if (session.destroyed === true) {
    await recordSignIn(ports, { type: 'session.ended', userId: ended.userId, ip: readClientAddress(ctx) })
    await ports.revokeSession?.(ended)
  } else if (ctx.path === SIGN_OUT_PATH && ctx.status === 303 && client !== undefined) {
    // Signed out only of the app that asked.
    await ports.revokeSession?.({ ...ended, clientId: client.clientId })
  }
}

async function respondWithError(
  ctx: Context,
  error: unknown,
  { displayName, ports }: Interactions,
): Promise<void> {
  const reference = String(ctx.state['reference'])
  const expected = error instanceof ExpectedError ? error : undefined
  if (expected === undefined) ports.reportFault(error, reference)
  const fault = answerFault(error)
  const status = expected?.status ?? fault.http
  const code = expected?.error ?? fault.body.error
  const description = expected?.message
  if (expected === undefined) ctx.set(fault.headers)
  if (error instanceof UnknownMethodError) ctx.set('allow', error.methods.join(', '))
  await respondWithPage(
    ctx,
    buildErrorPage({ displayName, status, error: code, reference, ...(description && { description }) }),
  )
}

async function readMetadata(bridge: Bridge, baseUrl: string, ports: SignInPorts) {
  const answer = await bridge.send(new Request(`${baseUrl}/.well-known/openid-configuration`))
  if (answer?.status !== 200) throw new Error('the provider library serves no metadata')
  const members = (await answer.json()) as Record<string, unknown>
  const algorithms = new Set(ports.signingKeys().map(({ signer }) => signer.algorithm))
  return { ...members, id_token_signing_alg_values_supported: [...algorithms] }
}
