// Reads the user and the sign-in from the claims of another identity provider. Pure; the claims were already verified.
import type { UpstreamClaims } from '@crosswalk/as-core/oidc'
import {
  ACR,
  type EpochSeconds,
  isDisplayName,
  isNumericDate,
  type SamlAssertion,
  type SamlUpstreamDefinition,
  toDisplayName,
  type UpstreamDefinition,
} from '@crosswalk/protocol'

import type { UpstreamUser } from '../../ports.ts'

/** Names of the claims about a user. */
type UpstreamUserClaims = Pick<UpstreamDefinition['claims'], 'username' | 'email' | 'name' | 'groups'>

interface UpstreamUserSource {
  readonly claims: UpstreamUserClaims
  readonly type?: UpstreamDefinition['type']
}

const LONGEST = 256
const MAX_GROUPS = 500

/** @param claims - of the ID token, and of the userinfo endpoint for those that the token lacks */
export function readUpstreamUser(claims: UpstreamClaims, source: UpstreamUserSource): UpstreamUser {
  const { claims: names } = source
  const text = (name: string) => readText(claims[name])
  const identifier = (name: string) => readIdentifier(claims[name])
  return {
    subject: claims.sub,
    username: identifier(names.username),
    email: text(names.email),
    emailVerified: isAddressVerified(claims, source),
    name: toDisplayName(claims[names.name], LONGEST),
    groups: names.groups === undefined ? undefined : readGroups(claims[names.groups]),
  }
}

/**
 * Users who can enter any address at their provider must not become its owner here. `email_verified` is about `email`
 * (OpenID Connect Core section 5.1), which may differ from the claim that is used. For an assertion, an administrator
 * states it about the attribute that is used.
 */
function isAddressVerified(claims: UpstreamClaims, { claims: names, type }: UpstreamUserSource): boolean {
  const { email = claims[names.email], email_verified: verified } = claims
  return verified === true && (type === 'saml' || email === claims[names.email])
}

/**
 * @returns the missing claims or attributes, by their upstream names, that would have been used to find or create the
 *   user
 */
export function listMissing(
  user: UpstreamUser,
  { claims: names, link, provisioning }: UpstreamDefinition,
): readonly string[] {
  const needed = [...link, ...(provisioning === 'none' ? [] : ['username' as const])]
  return [...new Set(needed.filter((member) => user[member] === undefined).map((member) => names[member]))]
}

function readText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= LONGEST ? value : undefined
}

/** Ignored rather than changed, because the result could be the name of another user. */
function readIdentifier(value: unknown): string | undefined {
  return isDisplayName(value, LONGEST) ? value : undefined
}

function readGroups(value: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  return [...new Set(list.flatMap((one) => readIdentifier(one) ?? []))].slice(0, MAX_GROUPS)
}

/** The subject's name among the attributes of an assertion. */
const NAME_ID = 'NameID'

/** Converts an assertion to claims; attributes with the same names do not replace them. */
export function readAssertionClaims(
  { nameId, authnStatements: [statement] }: SamlAssertion,
  attributes: ReadonlyMap<string, readonly string[]>,
  { emailVerified }: SamlUpstreamDefinition,
): { readonly signIn: UpstreamClaims; readonly all: UpstreamClaims } {
  const sub = nameId?.value ?? ''
  const texts = [...attributes].map(([name, values]) => [name, values.length === 1 ? values[0] : values])
  return {
    signIn: {
      sub,
      ...(statement === undefined
        ? {}
        : {
            acr: statement.classRef,
            auth_time: Math.floor(statement.instant),
            session_expiry: floor(statement.sessionNotOnOrAfter),
          }),
    },
    all: { ...Object.fromEntries(texts), [NAME_ID]: sub, sub, email_verified: emailVerified },
  }
}

function floor(seconds: EpochSeconds | undefined): EpochSeconds | undefined {
  return seconds === undefined ? undefined : Math.floor(seconds)
}

export interface UpstreamSignIn {
  /** Undefined if it is unknown how the user signed in there */
  readonly acr?: string | undefined
  readonly amr: readonly string[]
  /** When the user signed in there, if stated */
  readonly at?: EpochSeconds | undefined
  /** When the session there ends, if stated */
  readonly endsAt?: EpochSeconds | undefined
}

/** A provider's own `mfa` value means nothing here unless the administrator maps it. */
export function readForeignAcr(acr: unknown): string | undefined {
  const text = readText(acr)
  return text === ACR.multiFactor ? undefined : text
}

/** @param claims - only of the ID token or the assertion, because only these describe this sign-in */
export function readSignIn(
  claims: UpstreamClaims,
  { mfa }: Pick<UpstreamDefinition, 'mfa'>,
  now: EpochSeconds,
): UpstreamSignIn {
  const acr = readText(claims['acr'])
  const amr = Array.isArray(claims['amr']) ? claims['amr'].filter((one) => typeof one === 'string') : []
  const strong = [acr, ...amr].some((one) => one !== undefined && mfa.includes(one))
  const { auth_time: authTime, session_expiry: endsAt } = claims
  return {
    acr: strong ? ACR.multiFactor : readForeignAcr(acr),
    amr,
    // A time in the future would make the sign-in look too recent for the rest of its life.
    at: Number.isSafeInteger(authTime) ? Math.min(authTime as number, now) : undefined,
    endsAt: isNumericDate(endsAt) ? endsAt : undefined,
  }
}
