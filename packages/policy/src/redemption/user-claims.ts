// What an access token states about the user besides the account: the claims that its resource lists, from the ID-JAG
// or the account. Shared by evaluation, tokens, introspection and previews.
import { isOfDomain, isText, type TrustedIssuerDefinition, findOwn } from '@crosswalk/protocol'

import type { Checklist } from '../checklist.ts'
import type { AccountFact, AccountProfile } from '../redemption-facts.ts'
import type { RedemptionSnapshot } from '../redemption-snapshot.ts'

type Claims = Readonly<Record<string, unknown>>

export interface UserClaimParts {
  /** The resources of the token */
  readonly resource: readonly string[]
  /** Claims of the verified ID-JAG, or an authorization code expressed as such claims */
  readonly idJag: Claims
  /** Trust in its issuer; absent for an authorization code, which this server issues */
  readonly trust?: TrustedIssuerDefinition | undefined
  readonly profile?: AccountProfile | undefined
}

/** Limits the JSON of all claims: a token travels in a header with every request. */
export const MAX_USER_CLAIM_BYTES = 4096

/**
 * A token for several resources carries only the claims that all of them list identically: no resource learns more than
 * it listed.
 */
export function listUserClaims(
  { resources }: RedemptionSnapshot,
  [first, ...others]: readonly string[],
): readonly (readonly [name: string, source: string])[] {
  const claimsOf = (id: string | undefined) => resources.get(id ?? '')?.claims ?? {}
  return Object.entries(claimsOf(first)).filter(([name, source]) =>
    others.every((id) => findOwn(claimsOf(id), name) === source),
  )
}

/** @returns the claims that have a value for this user; undefined if no resource lists any */
export function buildUserClaims(parts: UserClaimParts, snapshot: RedemptionSnapshot): Claims | undefined {
  const listed = listUserClaims(snapshot, parts.resource)
  const external = parts.trust?.provisioning === 'external' ? nameExternalUser(parts.idJag) : undefined
  if (listed.length === 0) return external
  const claims: Record<string, unknown> = { ...external }
  for (const [name, source] of listed) {
    const value = readSource(source, parts)
    if (value === undefined || value === null) continue
    claims[name] = value
    if (name === 'email') claims.email_verified = isEmailVerified(source, parts)
  }
  return claims
}

/** The server keeps no account of an external user: only issuer, subject and tenant identify the user. */
function nameExternalUser(idJag: Claims): Claims {
  return {
    sub_id: nameByIssuer(idJag),
    ...(idJag.tenant === undefined ? {} : { tenant: idJag.tenant }),
  }
}

/** @see RFC 9493 section 3.2.2 */
function nameByIssuer({ iss, sub }: Claims): Claims {
  return { format: 'iss_sub', iss, sub }
}

function readSource(source: string, { idJag, profile }: UserClaimParts): unknown {
  if (source === 'idJag.iss_sub') return nameByIssuer(idJag)
  if (source === 'account.email') return profile?.email
  if (source === 'account.name') return profile?.name
  return findOwn(idJag, source.slice('idJag.'.length))
}

/** An issuer vouches only for addresses of its own domains: anyone can run an IdP that says `email_verified`. */
function isEmailVerified(source: string, { idJag, trust, profile }: UserClaimParts): boolean {
  if (source === 'account.email') return profile?.emailVerified === true
  return source === 'idJag.email' && trust !== undefined && findEmailProblem(idJag, trust) === undefined
}

/** Letters that lowercase to ASCII: an address with one would match the user whose address has the ASCII letter. */
const BECOMES_ASCII = /[\u0130\u212a]/

/** @returns why the email address in an ID-JAG does not identify its user */
export function findEmailProblem(
  claims: Claims,
  { emailDomains }: TrustedIssuerDefinition,
): string | undefined {
  if (!isText(claims.email, 320)) return 'no email claim'
  if (claims.email_verified !== true) return 'e-mail not verified by the issuer'
  if (BECOMES_ASCII.test(claims.email)) return 'e-mail with a letter that looks like another'
  return isOfDomain(claims.email, emailDomains) ? undefined : 'e-mail domain not listed for this issuer'
}

/** Refuses claims that would make the token too large; without claims there is nothing to check. */
export function checkUserClaims(list: Checklist, claims: Claims | undefined): void {
  if (claims === undefined) return
  const bytes = countUtf8Bytes(JSON.stringify(claims))
  if (bytes > MAX_USER_CLAIM_BYTES)
    list.fail('user.claims', 'XAA2222', { expected: `at most ${MAX_USER_CLAIM_BYTES} bytes`, actual: bytes })
  else list.pass('user.claims', { actual: Object.keys(claims) })
}

/** `JSON.stringify` escapes lone surrogates, which `encodeURIComponent` would throw for. */
function countUtf8Bytes(json: string): number {
  return encodeURIComponent(json).replace(/%[0-9A-F]{2}/g, '.').length
}

/** The attributes of the account, if it was looked up. */
export function readProfile(account: AccountFact): AccountProfile | undefined {
  return account.state === 'found' || account.state === 'new' ? account.profile : undefined
}
