// The actor token of this IdP: a JWT by which an app says, with its own key and for one client, that it is the one that
// acts (RFC 8693 section 2.1; kinds of actor tokens are left to profiles). Its signature is verified elsewhere.
// Also who is named in `act`, and how (RFC 8693 section 4.1, draft-mcguinness-oauth-actor-profile).
import type { AppDefinition } from './definitions/idp.ts'
import { MAX_JTI_LENGTH } from './dpop-proof.ts'
import { isWholeNumericDate, isObject, isText, isTyp, type JwtExpectations } from './finding.ts'

/** A `typ` of its own: with that of a client assertion, its receiver could sign in as the actor (SEC-03). */
export const ACTOR_TOKEN_TYP = 'actor-token+jwt'

export const MAX_ACTOR_TOKEN_SECONDS = 600

export type ActorTokenProblem =
  | 'wrong-typ'
  | 'issuer-mismatch'
  | 'audience-mismatch'
  | 'client-mismatch'
  | 'time-malformed'
  | 'expired'
  | 'lives-too-long'
  | 'not-yet-valid'
  | 'jti-missing'

/** @returns the first reason to refuse a token whose signature was verified with a key of its `iss`, or undefined (ACT-03) */
export function findActorTokenProblem(
  { typ, claims }: { readonly typ: string | undefined; readonly claims: Readonly<Record<string, unknown>> },
  { issuer, clientId, now, clockSkewSeconds }: JwtExpectations,
): ActorTokenProblem | undefined {
  if (!isTyp(typ, ACTOR_TOKEN_TYP)) return 'wrong-typ'
  const { iss, sub, aud, client_id: boundTo, exp, iat, nbf, jti } = claims
  if (!isText(iss, 512) || sub !== iss) return 'issuer-mismatch'
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud]
  if (audiences.length !== 1 || audiences[0] !== issuer) return 'audience-mismatch'
  if (boundTo !== clientId) return 'client-mismatch'
  if (!isWholeNumericDate(exp) || !isWholeNumericDate(iat) || (nbf !== undefined && !isWholeNumericDate(nbf)))
    return 'time-malformed'
  if (exp <= now - clockSkewSeconds) return 'expired'
  if (exp - iat > MAX_ACTOR_TOKEN_SECONDS) return 'lives-too-long'
  if (Math.max(iat, nbf ?? iat) > now + clockSkewSeconds) return 'not-yet-valid'
  return isText(jti, MAX_JTI_LENGTH) ? undefined : 'jti-missing'
}

/** Begins what an app is called that asks for itself. No id of a user has a slash, so that neither passes for the other. */
export const WORKLOAD_PREFIX = 'workload/'

export const SUBJECT_PROFILES: Record<AppDefinition['kind'], string> = {
  agent: 'ai_agent',
  web: 'web_app',
  service: 'service',
}

export interface ActorParts {
  /** The issuer that knows the actor by this id */
  readonly issuer: string
  readonly app: Pick<AppDefinition, 'id'> & Partial<Pick<AppDefinition, 'kind'>>
  /** `act` of the subject token: who acted before */
  readonly before?: unknown
}

/** Builds an `act` claim: who acts now, with those before nested in it, unchanged (ACT-07, ACT-08). */
export function buildActor({ issuer, app, before }: ActorParts): Readonly<Record<string, unknown>> {
  return {
    iss: issuer,
    sub: app.id,
    ...(app.kind === undefined ? {} : { sub_profile: SUBJECT_PROFILES[app.kind] }),
    ...(before === undefined ? {} : { act: before }),
  }
}

export interface NamedActor {
  readonly ref: string
  readonly issuer?: string | undefined
  readonly profile?: string | undefined
}

/** @returns the current actor of a well-formed `act`; those nested in it have no part in decisions (ACT-06) */
export function readActor(act: unknown): NamedActor | undefined {
  if (!isObject(act) || !isText(act.sub)) return undefined
  return {
    ref: act.sub,
    ...(isText(act.iss) ? { issuer: act.iss } : {}),
    ...(isText(act.sub_profile) ? { profile: act.sub_profile } : {}),
  }
}
