// The actor token of this IdP: a JWT by which an app proves, with its own key and to one client, that it is the actor
// (RFC 8693 section 2.1; profiles define the kinds of actor tokens). Its signature is verified elsewhere.
// Also how `act` names actors (RFC 8693 section 4.1, draft-mcguinness-oauth-actor-profile).
import { MAX_JTI_LENGTH } from './dpop-proof.ts'
import { isWholeNumericDate, isObject, isText, isTyp, type JwtExpectations } from '../finding.ts'

/** A separate `typ`: as a client assertion, its receiver could authenticate as the actor (SEC-03). */
export const ACTOR_TOKEN_TYP = 'actor-token+jwt'

const MAX_ACTOR_TOKEN_SECONDS = 600

export type ActorTokenProblem =
  | 'wrong-typ'
  | 'issuer-mismatch'
  | 'audience-mismatch'
  | 'client-mismatch'
  | 'time-malformed'
  | 'expired'
  | 'lives-too-long'
  | 'not-yet-valid'
  | 'no-usable-jti'

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
  return isText(jti, MAX_JTI_LENGTH) ? undefined : 'no-usable-jti'
}

/**
 * The prefix of an app's subject when it acts for itself. User ids contain no slash, so neither passes for the other.
 */
export const WORKLOAD_PREFIX = 'workload/'

export const APP_KINDS = ['agent', 'web', 'service'] as const
export type AppKind = (typeof APP_KINDS)[number]

export const SUBJECT_PROFILES: Record<AppKind, string> = {
  agent: 'ai_agent',
  web: 'web_app',
  service: 'service',
}

export interface ActorParts {
  /** The issuer that knows the actor by this id */
  readonly issuer: string
  readonly app: { readonly id: string; readonly kind?: AppKind | undefined }
  /** `act` of the subject token: the earlier actors */
  readonly before?: unknown
}

/** Builds an `act` claim: the current actor, with the earlier ones nested in it unchanged (ACT-07, ACT-08). */
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

/**
 * @param issuer - of the token, whose own actors may lack `iss`
 * @returns `act` of another token as we pass it on, with the issuer of each actor, and with nothing that does not identify
 *   one (ACT-05); anything malformed unchanged
 */
export function attributeActors(act: unknown, issuer: string): unknown {
  if (!isObject(act)) return act
  const { iss = issuer, sub, sub_profile, act: before } = act
  return {
    iss,
    sub,
    ...(sub_profile === undefined ? {} : { sub_profile }),
    ...(before === undefined ? {} : { act: attributeActors(before, issuer) }),
  }
}

export function listActorIssuers(act: unknown): readonly unknown[] {
  return isObject(act) ? [act.iss, ...listActorIssuers(act.act)] : []
}

/**
 * @param issuer - of the token, whose own actors may lack `iss`
 * @returns the ids that it gave to the actors of a well-formed `act`, the current one first, then the nested ones
 */
export function listActors(act: unknown, issuer: string): readonly string[] {
  if (!isObject(act)) return []
  const own = (act.iss ?? issuer) === issuer && isText(act.sub) ? [act.sub] : []
  return [...own, ...listActors(act.act, issuer)]
}

/** @returns the current actor of a well-formed `act`; nested actors do not affect decisions (ACT-06) */
export function readActor(act: unknown): NamedActor | undefined {
  if (!isObject(act) || !isText(act.sub)) return undefined
  return {
    ref: act.sub,
    ...(isText(act.iss) ? { issuer: act.iss } : {}),
    ...(isText(act.sub_profile) ? { profile: act.sub_profile } : {}),
  }
}
