// What the host application provides: the signed-in user, as a subject token for the identity provider.
import { TOKEN_TYPE } from '@crosswalk/protocol'

import { decodeJwt } from './decode-jwt.ts'
import { Redacted } from './redacted.ts'

export type SubjectTokenKind = 'id_token' | 'refresh_token' | 'saml2'

export interface SubjectToken {
  readonly token: string
  readonly type: SubjectTokenKind
}

/** Why a subject token is requested. */
export interface SubjectTokenRequest {
  /** `use`: the usual case; `expired` and `rejected`: the previous token is no longer valid */
  readonly reason: 'use' | 'expired' | 'rejected'
}

type Given = SubjectToken | string | undefined | null

/** A signed-in user, as the host application knows them. */
export interface Session {
  /**
   * Identifies the session, so that several objects for one session share their tokens; without it, tokens live as long
   * as the object. Never give two users the same id.
   */
  readonly id?: string
  /**
   * The token to exchange: a string is an ID token. Called on every use, so keep it cheap; undefined means signed out.
   * Called again with `expired` or `rejected` if the token is not valid: then refresh it, or return the refresh token
   * instead.
   */
  getSubjectToken(request: SubjectTokenRequest): Given | Promise<Given>
}

/** A subject token inside the SDK: redacted, with the facts that may be read from it. */
export interface Subject {
  readonly token: Redacted
  readonly type: SubjectTokenKind
  /** Distinguishes users, sessions and sign-ins (CLI-20) */
  readonly key: string
  /** Epoch seconds, if the token states it */
  readonly expiresAt?: number
}

export const SUBJECT_TOKEN_TYPE: Readonly<Record<SubjectTokenKind, string>> = {
  id_token: TOKEN_TYPE.idToken,
  refresh_token: TOKEN_TYPE.refreshToken,
  saml2: TOKEN_TYPE.saml2,
}

/**
 * @returns the session's subject token; undefined if no user is signed in
 * @throws TypeError for an invalid value
 */
export async function askSubject(session: Session, reason: SubjectTokenRequest['reason']) {
  const given = await session.getSubjectToken({ reason })
  if (given === undefined || given === null || given === '') return undefined
  const { token, type } = typeof given === 'string' ? { token: given, type: 'id_token' as const } : given
  if (typeof token !== 'string' || token === '' || !(type in SUBJECT_TOKEN_TYPE))
    throw new TypeError(
      'getSubjectToken() must return an ID token, or { token, type } with type id_token, refresh_token or saml2',
    )
  return await describeSubject(token, type)
}

async function describeSubject(token: string, type: SubjectTokenKind): Promise<Subject> {
  const claims = type === 'id_token' ? decodeJwt(token)?.claims : undefined
  // A new sign-in has a new auth_time or acr: what was granted on the old one is not served to the new one.
  const key =
    typeof claims?.sub === 'string'
      ? JSON.stringify([claims.iss, claims.sub, claims.sid, claims.auth_time, claims.acr])
      : `${type} ${await digest(token)}`
  const expiresAt = typeof claims?.exp === 'number' ? { expiresAt: claims.exp } : {}
  return { token: new Redacted(token), type, key, ...expiresAt }
}

async function digest(text: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
