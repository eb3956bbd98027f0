// Signing in through another identity provider: sends the user there and handles their return. The return belongs to
// the browser that was sent, by the cookie of its interaction; the redirect URI alone proves nothing.
import type { PendingSignIn, UpstreamClient, UpstreamRefusal } from '@crosswalk/as-core/oidc'
import { ACR, type UpstreamDefinition } from '@crosswalk/protocol'

import type { SignInProblem } from '../pages/problem.ts'
import type { UpstreamUser, User } from '../ports.ts'
import { readAcrRequest } from './provider/acr-request.ts'
import { recordSignIn } from './audit.ts'
import { readClientAddress } from './client-address.ts'
import type { SignInPorts } from './contract.ts'
import { checkMethod, ExpectedError } from './expected-error.ts'
import { readBody } from './forms.ts'
import { INTERACTION_TTL_SECONDS } from './lifetimes.ts'
import { type Context, redirect } from './respond.ts'
import { finishSignIn, type Interactions, type Visit } from './visit.ts'
import { createIsForeign } from './upstream/find-by-domain.ts'
import { findUpstreamUser } from './upstream/find-user.ts'
import { listMissing, readUpstreamUser, readSignIn, type UpstreamSignIn } from './upstream/upstream-user.ts'
import { nameOfUpstream, type Upstream } from './upstream/upstreams.ts'

const MODEL = 'UpstreamSignIn'
const RETURN_PATH = /^\/sign-in\/upstream\/([^/]{1,256})(\/metadata)?$/

/** The redirect URI to register at an upstream. */
function buildRedirectUri(id: string, { baseUrl }: Pick<Interactions, 'baseUrl'>): string {
  return `${baseUrl}/sign-in/upstream/${encodeURIComponent(id)}`
}

/** Sends the user there. @param login - what they typed here, if known @returns why that was not possible */
export async function beginUpstream(
  visit: Visit,
  interactions: Interactions,
  id: string,
  login?: string,
): Promise<SignInProblem | undefined> {
  const { ports, upstreams } = interactions
  const upstream = upstreams.find(({ definition }) => definition.id === id)
  if (upstream === undefined) throw new ExpectedError(400, 'invalid_request', 'unknown identity provider')
  const { definition } = upstream
  const redirectUri = buildRedirectUri(id, interactions)
  const requested = readRequested(visit, definition)
  const loginHint = login ?? requested.loginHint
  const begun = await upstream.client.begin({ redirectUri, ...requested, loginHint })
  if (!begun.accepted) return recordRefusal(begun.refusal, upstream, visit, interactions)
  const { url, pending } = begun.value
  const kept = { pending, upstream: id, interactionId: visit.interaction.uid }
  await ports.store.upsert(MODEL, pending.state, kept, INTERACTION_TTL_SECONDS)
  redirect(visit.ctx, url)
  return undefined
}

/** Passes the app's requirements for the sign-in on to the provider that performs it. */
function readRequested({ interaction }: Visit, { mfa }: UpstreamDefinition) {
  const { params, prompt } = interaction
  const text = (name: string) => (params[name] === undefined ? undefined : String(params[name]))
  const { values } = readAcrRequest({ values: text('acr_values')?.split(' ') })
  const strong = values.includes(ACR.multiFactor) || prompt.reasons.includes('factor_missing')
  const maxAge = text('max_age')
  return {
    // An open session there does not provide a second factor.
    forceLogin: strong || (text('prompt')?.split(' ').includes('login') ?? false),
    acrValues: strong ? mfa : undefined,
    maxAgeSeconds: maxAge === undefined ? undefined : Number(maxAge),
    loginHint: text('login_hint'),
  }
}

/**
 * Handles a return at the redirect URI: stores it and redirects the browser to the page of its interaction, where its
 * cookie shows whether it is the browser that was sent. A form from the provider's page arrives without our cookies.
 *
 * @returns false for any other path
 */
export async function serveUpstreamReturn(ctx: Context, interactions: Interactions): Promise<boolean> {
  const [, segment, metadata] = RETURN_PATH.exec(ctx.path) ?? []
  if (segment === undefined) return false
  const upstream = interactions.upstreams.find(
    ({ definition: { id } }) => segment === id || segment === encodeURIComponent(id),
  )
  if (upstream === undefined) return false
  const { client, definition } = upstream
  if (metadata !== undefined) return describeUs(ctx, client, buildRedirectUri(definition.id, interactions))
  checkMethod(ctx, [client.returns.method])
  const { store } = interactions.ports
  const answer = ctx.method === 'POST' ? await readBody(ctx) : new URLSearchParams(ctx.querystring)
  const state = answer.get(client.returns.state) ?? ''
  const kept = await findPending(state, interactions.ports)
  if (kept === undefined || kept['upstream'] !== definition.id || kept['answer'] !== undefined)
    throw new ExpectedError(400, 'session_expired', 'there is no pending sign-in for this response')
  await store.upsert(MODEL, state, { ...kept, answer: answer.toString() }, INTERACTION_TTL_SECONDS)
  redirect(ctx, `${interactions.baseUrl}/sign-in/${String(kept['interactionId'])}?returned=${state}`)
  return true
}

/** @returns undefined also for text that can be no state of ours */
async function findPending(state: string, { store }: Pick<SignInPorts, 'store'>) {
  return /^[\w-]{16,128}$/.test(state) ? await store.find(MODEL, state) : undefined
}

function describeUs(ctx: Context, client: UpstreamClient, redirectUri: string): boolean {
  if (client.describe === undefined) return false
  checkMethod(ctx, ['GET', 'HEAD'])
  ctx.type = 'application/samlmetadata+xml'
  ctx.body = client.describe(redirectUri)
  return true
}

/** Signs in the returned user. @returns why that was not possible */
export async function completeUpstream(
  visit: Visit,
  interactions: Interactions,
  state: string,
): Promise<SignInProblem | undefined> {
  const { ports, upstreams } = interactions
  const kept = await findPending(state, ports)
  const now = Math.floor(ports.clock.nowMs() / 1000)
  const upstream = upstreams.find(({ definition }) => definition.id === kept?.['upstream'])
  if (
    kept === undefined ||
    upstream === undefined ||
    kept['interactionId'] !== visit.interaction.uid ||
    typeof kept['answer'] !== 'string' ||
    !(await ports.store.consume(MODEL, state, now))
  )
    return { text: 'This attempt to sign in is over. Try again.' }
  const { definition, client } = upstream
  const returned = new URL(`${buildRedirectUri(definition.id, interactions)}?${kept['answer']}`)
  const answer = await client.complete(returned, kept['pending'] as PendingSignIn)
  if (!answer.accepted) return recordRefusal(answer.refusal, upstream, visit, interactions)
  const { signIn, all } = answer.value
  const read = readSignIn(signIn, definition, now)
  // At least one second from now: a session that ended within the clock skew was accepted as live.
  const endsAt = read.endsAt === undefined ? undefined : Math.max(read.endsAt, now + 1)
  const claimed = readUpstreamUser(all, definition)
  return admit(visit, interactions, { upstream, claimed, signIn: { ...read, endsAt } })
}

interface Arrival {
  readonly upstream: Upstream
  readonly claimed: UpstreamUser
  readonly signIn: UpstreamSignIn
}

async function admit(
  visit: Visit,
  interactions: Interactions,
  { upstream, claimed, signIn }: Arrival,
): Promise<SignInProblem | undefined> {
  const { ports, upstreams } = interactions
  const { id } = upstream.definition
  const name = nameOfUpstream(upstream.definition)
  if (ports.upstreams === undefined) throw new Error('signing in through upstreams needs their port')
  const parts = { users: ports.users, upstreams: ports.upstreams }
  const ip = readClientAddress(visit.ctx)
  const occasion = { at: ports.clock.nowMs(), ip }
  const isForeign = createIsForeign(
    (it) => it.id === id,
    upstreams.map((it) => it.definition),
  )
  const found = await findUpstreamUser({ ...upstream.definition, isForeign }, claimed, parts, occasion)
  const where = { clientId: visit.app.id, upstream: id, ip }
  if (!found.accepted) {
    const missing = listMissing(claimed, upstream.definition)
    const reason = `upstream-user-${found.refusal}`
    await recordSignIn(ports, { type: 'signin.failed', reason, missing, ...where })
    return { text: `${name} knows you, but there is no account for you here. Ask your IT administrator.` }
  }
  const user: User = found.value
  if (!user.active) {
    await recordSignIn(ports, { type: 'signin.failed', userId: user.id, reason: 'inactive', ...where })
    return { text: 'Your account here is not active. Ask your IT administrator.' }
  }
  const { acr, amr, at, endsAt } = signIn
  const authentication = acr === undefined ? undefined : { acr, amr }
  await recordSignIn(ports, {
    type: 'signin.succeeded',
    userId: user.id,
    ...(authentication && { authentication }),
    ...where,
  })
  await finishSignIn(visit, interactions, { userId: user.id, acr, amr, at, endsAt })
  return undefined
}

/** @returns what the user learns of it */
async function recordRefusal(
  refusal: UpstreamRefusal,
  { definition }: Upstream,
  { ctx, app }: Visit,
  { ports, reportRefusal }: Interactions,
): Promise<SignInProblem> {
  const { id } = definition
  const name = nameOfUpstream(definition)
  // Anyone can make up a response, so the server's log gets as few of them as the audit log.
  const report = reportRefusal(id, refusal)
  if (report !== undefined) {
    const where = { clientId: app.id, upstream: id, ip: readClientAddress(ctx) }
    await recordSignIn(ports, { type: 'signin.failed', ...report, ...where })
  }
  if (refusal.reason === 'declined') return { text: `You were not signed in by ${name}. Try again.` }
  if (report !== undefined) {
    const fault = new Error(`signing in through ${id} failed: ${report.detail ?? ''}`)
    ports.reportFault(fault, String(ctx.state['reference']))
  }
  return { text: `Signing in with ${name} does not work at the moment. Try again later.` }
}
