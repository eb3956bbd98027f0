// Observes the subject token: whether we signed it, and whether the sign-in behind it is still active. Reports facts
// only. A token is parsed as the type that the request declares, never guessed (IDP-21).
import {
  type DecodedJws,
  type KeyChoice,
  type KnownJwts,
  observeJwt,
  type SigningKeys,
  type TokenRequest,
} from '@crosswalk/as-core'
import { nameWorkload, type SignInFact, type SubjectFact } from '@crosswalk/policy'
import { accept, type ClientFact, type DpopFact, isVerified, refuse, TOKEN_TYPE } from '@crosswalk/protocol'

import type { SignIn } from '../../sign-in/contract.ts'
import { nameSession } from '../../sign-in/provider/sessions.ts'
import {
  chooseUpstreamKey,
  findSubjectIssuer,
  observeUpstreamIdToken,
  type UpstreamTokenSources,
} from '../../upstream-tokens/observe-upstream.ts'
import { type IssuedTokens, observeAccessToken } from './observe-access-token.ts'
import { observeSaml, type SamlSources } from './observe-saml.ts'

export interface SubjectQuestion {
  readonly request: TokenRequest
  readonly client: ClientFact
  readonly dpop: DpopFact
}

export interface SubjectSources extends SamlSources {
  readonly signIn: Pick<SignIn, 'findSession' | 'findRefreshToken'>
  readonly signingKeys: SigningKeys
  /** ID tokens verified before */
  readonly knownIdTokens: KnownJwts
  /** For ID tokens of other identity providers; if absent, only our own are accepted */
  readonly upstreamTokens?: UpstreamTokenSources | undefined
  /** For access tokens of servers in this program; if absent, they are not accepted */
  readonly issuedTokens?: IssuedTokens | undefined
}

/** The client that presents a token, and how. */
interface Presenting extends Pick<SubjectQuestion, 'request' | 'dpop'> {
  readonly clientId: string
}

type SubjectObserver = (text: string, by: Presenting, sources: SubjectSources) => Promise<SubjectFact>

/** All types of subject token; the evaluator decides which are accepted. */
const OBSERVERS: ReadonlyMap<string, SubjectObserver> = new Map<string, SubjectObserver>([
  [
    TOKEN_TYPE.idToken,
    (text, { clientId, request }, sources) => observeIdToken(text, clientId, request, sources),
  ],
  [TOKEN_TYPE.refreshToken, observeRefreshToken],
  [TOKEN_TYPE.saml2, (text, _, sources) => observeSaml(text, sources)],
  [TOKEN_TYPE.accessToken, (text, _, { issuedTokens }) => observeAccessToken(text, issuedTokens)],
  [TOKEN_TYPE.jwt, async (text, by) => observeWorkload(text, by)],
])

export async function observeSubject(
  { request, client, dpop }: SubjectQuestion,
  sources: SubjectSources,
): Promise<SubjectFact> {
  const token = request.form.get('subject_token')
  const observe = OBSERVERS.get(request.form.get('subject_token_type') ?? '')
  if (token === undefined || observe === undefined || client.state === 'refused') return { kind: 'none' }
  return observe(token, { clientId: client.clientId, request, dpop }, sources)
}

/** The assertion was verified when the client authenticated, and this request consumes it. */
function observeWorkload(text: string, { clientId, request }: Presenting): SubjectFact {
  const isOwnAssertion = text === request.form.get('client_assertion')
  const signIn = isOwnAssertion ? { userId: nameWorkload(clientId) } : undefined
  return { kind: 'workload', isOwnAssertion, signIn }
}

/**
 * Only keys for ID tokens verify here, so no other token of ours can pass for one (IDP-17, IDP-40). A token from a
 * trusted issuer is verified only with keys of that issuer.
 */
async function observeIdToken(
  text: string,
  clientId: string,
  { receivedAtMs: nowMs, ip }: Pick<TokenRequest, 'receivedAtMs' | 'ip'>,
  { signIn, signingKeys, knownIdTokens, upstreamTokens, snapshot }: SubjectSources,
): Promise<SubjectFact> {
  const definitions = snapshot()
  const choose = ({ header, claims }: DecodedJws): KeyChoice => {
    const trust = findSubjectIssuer(definitions, claims['iss'])
    if (trust !== undefined && upstreamTokens !== undefined)
      return chooseUpstreamKey(trust, upstreamTokens.keysOf(trust), header)
    const key = signingKeys.findVerificationKey('id-token', header.kid)
    return key === undefined
      ? {
          algorithms: [header.alg],
          find: () => refuse({ kind: 'unknown-kid', detail: 'not one of our keys' }),
        }
      : { algorithms: key.algorithms, find: () => accept(key) }
  }
  const token = await observeJwt(text, choose, knownIdTokens)
  const trust = token.state === 'read' ? findSubjectIssuer(definitions, token.claims['iss']) : undefined
  if (trust !== undefined && upstreamTokens !== undefined) {
    const by = { trust, clockSkewSeconds: definitions.clockSkewSeconds }
    return observeUpstreamIdToken(token, by, { clientId, nowMs, ip }, upstreamTokens)
  }
  if (!isVerified(token)) return { kind: 'id_token', token, session: undefined }
  const { sid, iat, auth_time: authTime, acr, amr } = token.claims
  const session = typeof sid === 'string' ? await signIn.findSession(sid) : undefined
  const isOfFormerApp = Number(iat) < (definitions.apps.get(clientId)?.registeredAt ?? 0)
  if (session === undefined || isOfFormerApp || session.clientId !== clientId)
    return { kind: 'id_token', token, session: undefined }
  // This token states when and how the user signed in; the session may have been renewed since.
  const fact: SignInFact = {
    userId: session.userId,
    session: nameSession(String(sid)),
    endsAt: session.endsAt,
    ...(typeof authTime === 'number' ? { authTime } : {}),
    ...(typeof acr === 'string' ? { acr } : {}),
    ...(Array.isArray(amr) ? { amr: amr.filter((one) => typeof one === 'string') } : {}),
  }
  return { kind: 'id_token', token, session: fact }
}

async function observeRefreshToken(
  token: string,
  { clientId, dpop }: Presenting,
  { signIn }: SubjectSources,
): Promise<SubjectFact> {
  const found = await signIn.findRefreshToken(token, clientId)
  if (!found.accepted) return { kind: 'refresh_token', state: found.refusal, signIn: undefined }
  const { userId, authTime, acr, amr, sid, endsAt, dpopThumbprint } = found.value
  const fact: SignInFact = {
    userId,
    authTime,
    acr,
    amr,
    session: sid === undefined ? undefined : nameSession(sid),
    endsAt,
  }
  // A refresh token bound to a key is worthless without that key (DPOP-18).
  const proved = dpopThumbprint === undefined || (dpop.state === 'proved' && dpop.jkt === dpopThumbprint)
  return { kind: 'refresh_token', state: proved ? 'active' : 'key-not-proved', signIn: fact }
}

/** @returns the sign-in behind a subject, if one was found */
export function findSignIn(subject: SubjectFact): SignInFact | undefined {
  if (subject.kind === 'id_token') return subject.session
  return subject.kind === 'none' ? undefined : subject.signIn
}
