// Signs users in at the service's own OpenID provider. This server keeps no session: each authorization request goes to
// the provider, and the result lasts while the user views the consent page. Both are kept in sealed cookies.
import { buildAuditEvent, type Clock, type EventRecorder, type Sealing } from '@crosswalk/as-core'
import {
  createOidcClient,
  createRefusalReports,
  type PendingOidcSignIn,
  type RefusalReport,
  type UpstreamClaims,
  type UpstreamRefusal,
} from '@crosswalk/as-core/oidc'
import type { RedemptionSnapshot } from '@crosswalk/policy'
import {
  type CodeSignInDefinition,
  type EpochMs,
  isText,
  type TrustedIssuerDefinition,
  zTrustedIssuer,
} from '@crosswalk/protocol'

import { resolveAccount } from '../accounts/account-resolution.ts'
import type { Accounts } from '../ports.ts'
import type { ReceivedRevocations } from '../security-events/received-revocations.ts'
import { SIGN_IN_TTL_SECONDS } from '../sign-in-lifetime.ts'
import { redirectTo } from './authorization-response.ts'
import { renderProblem } from './render-pages.ts'
import { createSealedCookies, type SealedCookies } from './sealed-cookies.ts'
import { describeAccount, type FindUser, type SignedInUser } from './signed-in.ts'

const TTL_MS = 1000 * SIGN_IN_TTL_SECONDS

export interface OidcSignInParts {
  snapshot(): RedemptionSnapshot
  /** Public address of this server: `baseUrl`/as/ID */
  readonly endpoint: string
  /** Reaches only the provider */
  readonly webFetch: (definition: CodeSignInDefinition) => typeof globalThis.fetch
  readonly accounts: Accounts
  readonly sealing: Sealing
  readonly clock: Clock
  readonly events: Pick<EventRecorder, 'record'>
  readonly receivedRevocations?: Pick<ReceivedRevocations, 'findOfSignIn'> | undefined
  onFault(fault: unknown, reference: string): void
}

/** State while the user is at the provider. */
interface Pending {
  readonly sent: PendingOidcSignIn
  readonly returnTo: string
  readonly issuer: string
  readonly expiresAt: EpochMs
}

/** What the provider stated about the user. */
interface Answer {
  readonly claims: UpstreamClaims
  readonly issuer: string
  readonly expiresAt: EpochMs
}

export interface OidcSignIn {
  readonly findUser: FindUser
  /** The redirect URI to register at the provider: `baseUrl`/as/ID/signed-in */
  takeReturn(request: Request, ip?: string): Promise<Response>
}

export function createOidcSignIn(parts: OidcSignInParts): OidcSignIn {
  const { snapshot, endpoint, sealing, clock } = parts
  const cookies = createSealedCookies({ sealing, endpoint, server: () => snapshot().id, ttlMs: TTL_MS })
  const redirectUri = `${endpoint}/signed-in`
  const clientOf = rememberClient(parts)
  const reportRefusal = createRefusalReports(clock)

  return {
    async findUser({ request, returnTo, again }) {
      const definition = readDefinition(parts)
      const answer = again ? undefined : cookies.read<Answer>(request, 'user')
      const isValid = answer?.issuer === definition.issuer && answer.expiresAt > clock.nowMs()
      const user = isValid ? await describeUser(answer.claims, definition, parts) : undefined
      if (answer !== undefined && user !== undefined && !hasEnded(answer, user, parts)) return user
      const forceLogin = again || user !== undefined
      const begun = await clientOf(definition).begin({ redirectUri, forceLogin })
      if (!begun.accepted) {
        const report = reportRefusal(definition.issuer, begun.refusal)
        return failed(parts, { refusal: begun.refusal, report, returnTo })
      }
      const { url, pending: sent } = begun.value
      const expiresAt = clock.nowMs() + TTL_MS
      const pending: Pending = { sent, returnTo, issuer: definition.issuer, expiresAt }
      return redirectTo(url, cookies.write(nameOf(sent.state), pending))
    },
    async takeReturn(request, ip) {
      const returned = new URL(redirectUri + new URL(request.url).search)
      const state = returned.searchParams.get('state') ?? ''
      const pending = cookies.read<Pending>(request, nameOf(state))
      const definition = readDefinition(parts)
      // The response belongs to the browser that started the sign-in; other browsers lack the cookie.
      if (pending === undefined || pending.sent.state !== state || pending.expiresAt <= clock.nowMs())
        return renderProblem(parts, 'expired')
      if (pending.issuer !== definition.issuer) return renderProblem(parts, 'expired')
      const answer = await clientOf(definition).complete(returned, pending.sent)
      if (!answer.accepted) {
        const { refusal } = answer
        const report = reportRefusal(pending.issuer, refusal)
        await recordRefusal(report, { issuer: pending.issuer, ip }, parts)
        return failed(parts, { refusal, report, returnTo: pending.returnTo })
      }
      const { issuer } = definition
      const user: Answer = { claims: pick(answer.value), issuer, expiresAt: clock.nowMs() + TTL_MS }
      return forget(redirectTo(pending.returnTo, cookies.write('user', user)), cookies, state)
    },
  }
}

function forget(response: Response, cookies: SealedCookies, state: string): Response {
  response.headers.append('set-cookie', cookies.clear(nameOf(state)))
  return response
}

/** One browser may have a few sign-ins in progress; more would make its requests too long. */
const MAX_UNDER_WAY = 3

function nameOf(state: string): string {
  return `to-${state.charCodeAt(0) % MAX_UNDER_WAY}`
}

function readDefinition({ snapshot }: OidcSignInParts): CodeSignInDefinition {
  const { signIn } = snapshot().definition.authorizationCode ?? {}
  if (signIn === undefined) throw new TypeError('authorizationCode.signIn is not set')
  return signIn
}

/** Its metadata is fetched once; a changed definition creates a new client. */
function rememberClient({ webFetch, clock }: OidcSignInParts) {
  let known:
    | { readonly of: CodeSignInDefinition; readonly client: ReturnType<typeof createOidcClient> }
    | undefined
  return (definition: CodeSignInDefinition) => {
    if (known?.of !== definition)
      known = {
        of: definition,
        client: createOidcClient(definition, { fetch: webFetch(definition), clock }),
      }
    return known.client
  }
}

async function recordRefusal(
  report: RefusalReport | undefined,
  { issuer, ip }: { readonly issuer: string; readonly ip: string | undefined },
  { snapshot, clock, events }: OidcSignInParts,
): Promise<void> {
  const { id } = snapshot()
  if (report === undefined) return
  await events.record(
    buildAuditEvent(clock.nowMs(), {
      type: 'signin.failed',
      category: 'session',
      severity: 'notice',
      outcome: 'failure',
      actor: { kind: 'system', id: `upstream:${id}` },
      source: { upstream: issuer, ...(ip === undefined ? {} : { ip }) },
      target: { kind: 'resource_app', id },
      reason: report.reason,
      ...(report.detail === undefined ? {} : { change: { detail: report.detail } }),
    }),
  )
}

interface Failed {
  readonly refusal: UpstreamRefusal
  readonly report: RefusalReport | undefined
  readonly returnTo: string
}

function failed(parts: OidcSignInParts, { refusal, report, returnTo }: Failed): Promise<Response> {
  // Anyone can make up a response, so the log gets as few of them as the audit log.
  if (refusal.reason === 'failed' && report !== undefined)
    parts.onFault(new Error(`signing in failed: ${report.detail ?? ''}`), `as:${parts.snapshot().id}`)
  return renderProblem(parts, 'sign-in', undefined, returnTo)
}

const LONGEST_AMR = 10

/** The claims that are used, with limited length, since they travel in a cookie. */
function pick({
  all,
  signIn,
}: {
  readonly all: UpstreamClaims
  readonly signIn: UpstreamClaims
}): UpstreamClaims {
  const { email, email_verified: emailVerified, name } = all
  const { sub, auth_time: authTime, acr, amr } = signIn
  return {
    sub,
    ...(isText(email, 320) ? { email, email_verified: emailVerified === true } : {}),
    ...(isText(name, 256) ? { name } : {}),
    ...(Number.isSafeInteger(authTime) ? { auth_time: authTime } : {}),
    ...(isText(acr, 256) ? { acr } : {}),
    ...(Array.isArray(amr) ? { amr: amr.filter((one) => isText(one, 64)).slice(0, LONGEST_AMR) } : {}),
  }
}

/** The provider is trusted to identify users like an issuer of ID-JAGs, by the same strategies. */
async function describeUser(
  claims: UpstreamClaims,
  definition: CodeSignInDefinition,
  { accounts, snapshot, clock }: OidcSignInParts,
): Promise<SignedInUser> {
  const { issuer } = definition
  const question = { server: snapshot().id, claims, trust: describeTrust(definition), nowMs: clock.nowMs() }
  const { fact, newAccount, unlinked } = await resolveAccount(question, accounts)
  const how = {
    ...(typeof claims['auth_time'] === 'number' ? { authTime: claims['auth_time'] } : {}),
    ...(typeof claims['acr'] === 'string' ? { acr: claims['acr'] } : {}),
    ...(Array.isArray(claims['amr']) ? { amr: claims['amr'] as string[] } : {}),
  }
  const found = fact.state === 'found' ? await accounts.findById(question.server, fact.id) : undefined
  const known = found === undefined ? undefined : describeAccount(found)
  return {
    ...how,
    account: fact.state === 'found' && found !== undefined ? { ...fact, profile: found } : fact,
    // An address that only the provider knows is also subject to a company's rule.
    origin: { ...readEmail(claims), ...(known?.origin ?? { issuer, subject: claims.sub }) },
    newAccount,
    unlinked,
  }
}

/** Whether the issuer of the account revoked the user's access after this sign-in. */
function hasEnded(
  { expiresAt }: Answer,
  { account, origin }: SignedInUser,
  { receivedRevocations, snapshot }: OidcSignInParts,
): boolean {
  const iat = expiresAt / 1000 - SIGN_IN_TTL_SECONDS
  const signIn = { iss: origin?.issuer, sub: origin?.subject, tenant: origin?.tenant, iat }
  const accountId = account.state === 'found' ? account.id : undefined
  return receivedRevocations?.findOfSignIn(snapshot().id, signIn, accountId) !== undefined
}

function readEmail({ email }: UpstreamClaims): { readonly email?: string } {
  return typeof email === 'string' ? { email } : {}
}

function describeTrust({
  issuer,
  subject,
  emailDomains,
  provisioning,
}: CodeSignInDefinition): TrustedIssuerDefinition {
  return zTrustedIssuer.parse({ issuer, subject, emailDomains, provisioning })
}
