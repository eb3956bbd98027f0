// The authorization endpoint: an app sends a request, the user signs in and decides, the app gets a code or an error.
// The evaluator makes the decisions; this file determines what happens next.
import { type DocumentRefusal, findTraceId, newId, readForm } from '@crosswalk/as-core'
import { isForeignForm } from '@crosswalk/as-core/pages'
import { evaluateAuthorization, type RedemptionSnapshot } from '@crosswalk/policy'
import {
  accept,
  type DecisionRecord,
  type Granted,
  matchesRedirectUri,
  type ResourceClientDefinition,
  type Result,
} from '@crosswalk/protocol'

import type { CodeDependencies } from '../dependencies.ts'
import type { UnregisteredClients } from '../clients/unregistered-clients.ts'
import {
  type AuthorizationRequest,
  MAX_QUERY_LENGTH,
  readAuthorizationRequest,
  withoutLoginPrompt,
} from './authorization-request.ts'
import {
  type AuthorizationError,
  buildReturnUrl,
  describeRefusal,
  redirectTo,
  type Return,
} from './authorization-response.ts'
import { issueCode } from './codes.ts'
import { isConsented, recordConsent, rememberConsent } from './consent.ts'
import { type SubmittedConsent, openForm, sealForm } from './consent-form.ts'
import {
  type PageParts,
  renderConsent,
  renderContinue,
  renderError,
  renderProblem,
  renderRefusal,
} from './render-pages.ts'
import type { Identity } from '../ports.ts'
import type { FindUser, SignedInUser } from './signed-in.ts'

export interface AuthorizeParts extends Omit<CodeDependencies, 'describedClients'> {
  /** Public address of this server: `baseUrl`/as/ID */
  readonly endpoint: string
  readonly describedClients: UnregisteredClients
  readonly findUser: FindUser
}

/** One browser with one authorization request. */
export interface Visit extends PageParts {
  readonly request: Request
  readonly ip: string | undefined
  readonly asked: AuthorizationRequest
  readonly client: ResourceClientDefinition
  readonly back: Return
  readonly snapshot: RedemptionSnapshot
  /** The user's decision, if this request submits a page */
  readonly form?: SubmittedConsent | undefined
}

export function createAuthorize(parts: AuthorizeParts) {
  return {
    async authorize(request: Request, ip?: string): Promise<Response> {
      if (request.method !== 'GET' && request.method !== 'HEAD')
        return new Response(null, { status: 405, headers: { allow: 'GET, HEAD' } })
      const query = new URL(request.url).search.slice(1)
      return startVisit({ query, request, ip }, parts)
    },
    async consent(request: Request, ip?: string): Promise<Response> {
      const read = await readForm(request)
      const form = read.accepted ? openForm(read.value, parts) : undefined
      if (isForeignForm((header) => request.headers.get(header), parts.endpoint))
        return renderProblem(parts, 'foreign')
      if (form === undefined) return renderProblem(parts, 'expired')
      return startVisit({ query: form.query, request, ip, form }, parts)
    },
  }
}

interface Arrival extends Pick<Visit, 'request' | 'ip' | 'form'> {
  readonly query: string
}

/** Until client and redirect URI are verified, problems are shown to the user: a redirect could lead anywhere. */
async function startVisit({ query, ...arrival }: Arrival, parts: AuthorizeParts): Promise<Response> {
  if (query.length > MAX_QUERY_LENGTH) return renderProblem(parts, 'too-long')
  const asked = readAuthorizationRequest(query)
  const { clientId, redirectUri, state } = asked
  const snapshot = parts.snapshot()
  const found = clientId === undefined ? accept(undefined) : await lookUpClient(clientId, parts)
  if (!found.accepted) {
    const { isTemporary, problem } = found.refusal
    return renderProblem(parts, isTemporary ? 'client-unreachable' : 'client', problem)
  }
  const client = found.value
  if (client === undefined) return renderProblem(parts, 'client')
  if (redirectUri === undefined || !matchesRedirectUri(redirectUri, client.redirectUris ?? []))
    return renderProblem(parts, 'redirect-uri', redirectUri ?? 'no redirect_uri')
  const back = { redirectUri, state, issuer: snapshot.issuer }
  const app = client.name ?? client.id
  return serve({ ...arrival, asked, client, back, snapshot, app, endpoint: parts.endpoint }, parts)
}

async function lookUpClient(
  clientId: string,
  { snapshot, describedClients }: AuthorizeParts,
): Promise<Result<ResourceClientDefinition | undefined, DocumentRefusal>> {
  const registered = snapshot().clients.get(clientId)
  return registered === undefined ? describedClients.load(clientId) : accept(registered)
}

async function serve(visit: Visit, parts: AuthorizeParts): Promise<Response> {
  const { asked, client, request, form } = visit
  // The request is judged first, so that users do not sign in for what cannot be granted.
  const early = evaluate(visit, parts, { account: { state: 'not-looked-up' } })
  if (early.outcome !== 'allow') return returnError(visit, describeRefusal(early, asked))
  const user = await parts.findUser({
    request,
    returnTo: `${parts.endpoint}/authorize?${withoutLoginPrompt(asked)}`,
    again: form === undefined && asked.prompt.includes('login'),
    app: client.name ?? client.id,
  })
  const silent = asked.prompt.includes('none')
  if (user instanceof Response) return silent ? returnError(visit, { error: 'login_required' }) : user
  const record = evaluate(visit, parts, user)
  if (record.outcome === 'allow' && record.granted !== null)
    return answerUser({ visit, user, granted: record.granted, silent }, parts)
  await parts.recorder.refuse(record, { type: 'authorization.refused', authenticated: true })
  const refusal = describeRefusal(record, asked)
  return silent ? returnError(visit, refusal) : renderRefusal(visit, record, refusal)
}

/**
 * For errors before the user has decided anything. An unregistered app's redirect URI may belong to anyone, so the user
 * decides whether to go there (RFC 9700 section 4.11.2).
 */
function returnError(visit: Visit, error: AuthorizationError): Response | Promise<Response> {
  const url = buildReturnUrl(visit.back, error)
  return visit.snapshot.clients.has(visit.client.id) ? redirectTo(url) : renderError(visit, error, url)
}

function evaluate(
  { request, ip, asked, client, snapshot }: Visit,
  { clock }: AuthorizeParts,
  { account, origin }: Pick<SignedInUser, 'account' | 'origin'>,
): DecisionRecord {
  return evaluateAuthorization(
    {
      decisionId: newId('dec'),
      traceId: findTraceId(request.headers) ?? newId('trc'),
      nowMs: clock.nowMs(),
      mode: 'enforced',
      clientId: client.id,
      describedClient: client,
      request: asked.asked,
      account,
      origin,
      ip,
    },
    snapshot,
  )
}

interface Allowed {
  readonly visit: Visit
  readonly user: SignedInUser
  readonly granted: Granted
  readonly silent: boolean
}

async function answerUser(
  { visit, user, granted, silent }: Allowed,
  parts: AuthorizeParts,
): Promise<Response> {
  const { asked, back, form, snapshot } = visit
  const accountId = granted.subject.value ?? ''
  const consent = { consents: parts.consents, snapshot, accountId, granted }
  // A submitted page only applies to the user who saw it.
  if (form?.accountId === accountId) {
    const nowMs = parts.clock.nowMs()
    const verb = form.allowed ? 'given' : 'declined'
    const about = { verb, user: user.origin, accountId, granted, server: snapshot.id, nowMs } as const
    await recordConsent(parts.events, about)
    if (!form.allowed)
      return redirectTo(
        buildReturnUrl(back, { error: 'access_denied', error_description: 'The user did not allow it.' }),
      )
    await rememberConsent(consent)
    if (user.unlinked !== undefined) await linkAccount(accountId, user.unlinked, parts)
    return redirectTo(buildCodeUrl({ visit, user, granted }, parts))
  }
  if (mayAnswerAlone(visit) && (await isConsented(consent))) {
    const url = buildCodeUrl({ visit, user, granted }, parts)
    return silent || back.redirectUri.startsWith('https:') ? redirectTo(url) : renderContinue(visit, url)
  }
  if (silent) return returnError(visit, { error: 'consent_required' })
  return renderConsent(visit, { user, granted, request: sealForm({ query: asked.query, accountId }, parts) })
}

/**
 * Any program can claim to be a public client and listen on loopback, so those users are asked each time (RFC 8252
 * section 8.6). So are those of an app whose document may have named another host since they consented.
 */
function mayAnswerAlone({ asked, client, back, snapshot }: Visit): boolean {
  if (asked.prompt.includes('consent')) return false
  const isRemote = back.redirectUri.startsWith('https:')
  const isProved = client.auth.method !== 'none' || isRemote
  const isDescribed = !snapshot.clients.has(client.id) && URL.canParse(client.id)
  const isElsewhere = isRemote && isDescribed && new URL(back.redirectUri).host !== new URL(client.id).host
  return isProved && !isElsewhere
}

/** Without the link, the user is found by the same strategy again next time. */
async function linkAccount(
  accountId: string,
  identity: Identity,
  { accounts, onFault, snapshot }: AuthorizeParts,
): Promise<void> {
  const { id } = snapshot()
  try {
    await accounts.link?.(id, accountId, identity)
  } catch (fault) {
    onFault(fault, `as:${id}`)
  }
}

function buildCodeUrl(
  { visit, user, granted }: Pick<Allowed, 'visit' | 'user' | 'granted'>,
  parts: AuthorizeParts,
): string {
  const { back, asked, snapshot, client } = visit
  const { account: _, unlinked: __, origin, ...how } = user
  const accountId = granted.subject.value
  if (accountId === undefined || origin === undefined) throw new TypeError('a code is for an account')
  const { issuer, subject, tenant } = origin
  const code = issueCode(
    {
      ...how,
      clientId: client.id,
      redirectUri: back.redirectUri,
      codeChallenge: asked.asked.codeChallenge ?? '',
      dpopJkt: asked.asked.dpopJkt,
      resource: granted.resource,
      scope: granted.scope,
      accountId,
      issuer,
      subject,
      tenant,
    },
    { ...parts, server: snapshot.id },
  )
  return buildReturnUrl(back, { code })
}
