// Observes an ID token of another identity provider: its issuer, whether one of the issuer's keys signed it, which user
// it is linked to, and whether that sign-in has ended. Reports facts only. Looks for a user, and may create one, only
// if the token is valid in all other respects.
import { findIssuerKey, type IssuerKeys, type KeyChoice } from '@crosswalk/as-core'
import type { ExchangeSnapshot, SignInFact, SubjectFact } from '@crosswalk/policy'
import {
  inspectUpstreamIdToken,
  isVerified,
  type JwtFact,
  readUpstreamSubject,
  type SubjectIssuerDefinition,
} from '@crosswalk/protocol'

import { readSignIn } from '../sign-in/upstream/upstream-user.ts'
import { findLinkedUser, type LinkPorts } from './find-linked-user.ts'
import { nameUpstreamSession, type UpstreamEnds, type UpstreamSession } from './upstream-ends.ts'

export interface UpstreamTokenSources extends LinkPorts {
  readonly ends: UpstreamEnds
  /** Returns the key finder for an issuer; issuers in private networks have a separate one */
  keysOf(trust: SubjectIssuerDefinition): IssuerKeys
}

export interface UpstreamQuestion {
  readonly clientId: string
  readonly nowMs: number
  readonly ip: string | undefined
}

/** @returns the issuer that a token names, if its ID tokens are accepted */
export function findSubjectIssuer(
  { subjectIssuers }: Pick<ExchangeSnapshot, 'subjectIssuers'>,
  issuer: unknown,
): SubjectIssuerDefinition | undefined {
  return typeof issuer === 'string' ? subjectIssuers?.get(issuer) : undefined
}

/** Keys are separated by issuer, so that none signs for another (SEC-04). */
export function chooseUpstreamKey(
  { issuer, jwks, jwksUri, algorithms }: SubjectIssuerDefinition,
  keys: IssuerKeys,
  { kid, alg }: { readonly kid?: string | undefined; readonly alg: string },
): KeyChoice {
  return {
    algorithms,
    find: () => findIssuerKey(keys, { issuer, kid, algorithm: alg, jwks, jwksUri }),
  }
}

const NOTHING = { signIn: undefined, unlinked: undefined, endedBy: undefined } as const

export async function observeUpstreamIdToken(
  token: JwtFact,
  { trust, clockSkewSeconds }: { readonly trust: SubjectIssuerDefinition; readonly clockSkewSeconds: number },
  { clientId, nowMs, ip }: UpstreamQuestion,
  sources: UpstreamTokenSources,
): Promise<SubjectFact> {
  const kind = 'upstream_id_token'
  if (!isVerified(token)) return { kind, token, ...NOTHING }
  const { claims } = token
  const now = nowMs / 1000
  const findings = inspectUpstreamIdToken(claims, { trust, clientId, now, clockSkewSeconds })
  const subject = readUpstreamSubject(claims, trust)
  if (subject === undefined || findings.some(({ code }) => code !== undefined))
    return { kind, token, ...NOTHING }
  const found = await findLinkedUser(trust, { subject, claims }, sources, { at: nowMs, ip })
  if (!found.accepted) return { kind, token, ...NOTHING, unlinked: found.refusal }
  const session = readSession(claims, trust)
  const userId = found.value.id
  await sources.ends.remember(session, userId, Math.floor(now))
  const endedBy = await sources.ends.find({ ...session, userId, issuedAt: Number(claims['iat']) })
  return {
    kind,
    token,
    signIn: describe(claims, trust, { userId, session, now }),
    unlinked: undefined,
    endedBy,
  }
}

function readSession(
  claims: Readonly<Record<string, unknown>>,
  { issuer }: SubjectIssuerDefinition,
): UpstreamSession {
  const { sub, sid } = claims
  return { issuer, sub: String(sub), ...(typeof sid === 'string' && sid !== '' ? { sid } : {}) }
}

/** When and how the user signed in, according to the token, with our own value for a second factor. */
function describe(
  claims: Readonly<Record<string, unknown>>,
  trust: SubjectIssuerDefinition,
  {
    userId,
    session,
    now,
  }: { readonly userId: string; readonly session: UpstreamSession; readonly now: number },
): SignInFact {
  const { acr, amr, at, endsAt } = readSignIn({ ...claims, sub: session.sub }, trust, Math.floor(now))
  return {
    userId,
    issuedAt: Number(claims['iat']),
    session: nameUpstreamSession(session),
    ...(at === undefined ? {} : { authTime: at }),
    ...(acr === undefined ? {} : { acr }),
    ...(amr.length === 0 ? {} : { amr }),
    ...(endsAt === undefined ? {} : { endsAt }),
  }
}
