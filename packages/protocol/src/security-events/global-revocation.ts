// A request to revoke everything that a user has here (Global Token Revocation; Okta calls it Universal Logout): the
// claims of the JWT that authenticates it, and the user its body names. Pure; the signature, and whether the issuer is
// trusted for the user, are judged elsewhere.
// @see draft-parecki-oauth-global-token-revocation-06; developer.okta.com/docs/guides/oin-universal-logout-overview
import { findAudienceProblem, findTimeProblem } from '../tokens/client-assertion.ts'
import { MAX_JTI_LENGTH } from '../tokens/dpop-proof.ts'
import { isObject, isText, isWholeNumericDate } from '../finding.ts'
import { accept, refuse, type Result } from '../result.ts'
import type { SubjectId } from './security-subject.ts'
import type { EpochSeconds } from '../time.ts'

export interface GlobalRevocationAssertion {
  readonly id: string
  readonly issuedAt: EpochSeconds
  readonly expiresAt: EpochSeconds
}

export interface GlobalRevocationExpectations {
  /** URL of the endpoint, the only audience */
  readonly endpoint: string
  readonly now: EpochSeconds
  readonly clockSkewSeconds: number
}

/**
 * Checks the claims of a JWT whose signature was verified. Does not check its `sub`, the app at the issuer: the endpoint
 * as its audience identifies this server.
 *
 * @returns its id and times, or the problem
 */
export function checkGlobalRevocationAssertion(
  claims: Readonly<Record<string, unknown>>,
  { endpoint, ...expected }: GlobalRevocationExpectations,
): Result<GlobalRevocationAssertion, string> {
  const { jti, iat, exp } = claims
  if (findAudienceProblem(claims, { issuer: endpoint }) !== undefined)
    return refuse(`aud is not exactly ${endpoint}`)
  const problem = findTimeProblem(claims, expected)
  if (problem !== undefined) return refuse(problem)
  if (!isWholeNumericDate(iat)) return refuse('iat is missing')
  if (!isText(jti, MAX_JTI_LENGTH)) return refuse(`jti is missing, or has over ${MAX_JTI_LENGTH} characters`)
  return accept({ id: jti, issuedAt: iat, expiresAt: Number(exp) })
}

/** Drafts before -03, and the guides of Okta and Auth0, name the member `subject`. */
const MEMBERS: readonly string[] = ['sub_id', 'subject']

/** In the draft, `opaque` is an id of this server, and in security events one of the issuer; so it is not accepted. */
const FORMATS: readonly unknown[] = ['iss_sub', 'email']

/** @returns the subject identifier, whose members are not checked yet; or the problem */
export function readRevokedSubject(body: Readonly<Record<string, unknown>>): Result<SubjectId, string> {
  const [name = '', ...others] = Object.keys(body)
  const subject = body[name]
  if (others.length > 0 || !MEMBERS.includes(name) || !isObject(subject))
    return refuse('the body must have the one member sub_id, an object')
  return FORMATS.includes(subject.format)
    ? accept(subject)
    : refuse('the format of sub_id must be iss_sub or email')
}
