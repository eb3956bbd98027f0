// Observes a SAML assertion as subject token: its content, whether it is signed, and which user its NameID identifies.
// Reports facts only.
import { replayKeyDigest, type ReplayKey } from '@crosswalk/as-core'
import type { ExchangeSnapshot, SamlTrust, SignInFact, SubjectFact } from '@crosswalk/policy'
import {
  findReplayEnd,
  findSamlEnd,
  isNumericDate,
  type SamlAssertion,
  type UpstreamDefinition,
} from '@crosswalk/protocol'

import type { UserLookup, User } from '../../ports.ts'
import type { SamlIssuers } from '../../saml/observe-assertion.ts'
import {
  createIsForeign,
  belongsToOtherProvider,
  limitToDomains,
} from '../../sign-in/upstream/find-by-domain.ts'
import { readForeignAcr } from '../../sign-in/upstream/upstream-user.ts'

export interface SamlSources {
  readonly samlIssuers: SamlIssuers
  /** The identity providers through which users sign in here */
  readonly signInProviders: readonly UpstreamDefinition[]
  readonly users: UserLookup
  /** The current definitions */
  snapshot(): ExchangeSnapshot
}

export async function observeSaml(
  text: string,
  { samlIssuers, signInProviders, users, snapshot }: SamlSources,
): Promise<SubjectFact> {
  const token = samlIssuers.observe(text)
  if (token.state !== 'verified') return { kind: 'saml', token, signIn: undefined, replayed: false }
  const trust = snapshot().saml?.find(({ entityId }) => entityId === token.assertion.issuer)
  const named = trust === undefined ? undefined : await findUser(token.assertion, trust, users)
  const user = trust !== undefined && speaksFor(trust, named, signInProviders) ? named : undefined
  const signIn = user === undefined ? undefined : describeSignIn(token.assertion, user.id)
  return { kind: 'saml', token, signIn, replayed: false }
}

/** Administrators or directories assign ids and attributes, but the issuer alone asserts a user name. */
function speaksFor(
  { entityId, nameId, emailDomains }: SamlTrust,
  user: User | undefined,
  signInProviders: readonly UpstreamDefinition[],
): boolean {
  if (user === undefined || (nameId !== 'username' && nameId !== 'email')) return true
  const isForeign = createIsForeign((it) => it.type === 'saml' && it.entityId === entityId, signInProviders)
  return !belongsToOtherProvider(user, limitToDomains(isForeign, emailDomains))
}

/** Exact match on the configured member only: the address of one user may be the user name of another. */
async function findUser(
  { nameId }: SamlAssertion,
  trust: SamlTrust,
  users: UserLookup,
): Promise<User | undefined> {
  const value = nameId?.value
  if (value === undefined || value === '') return undefined
  switch (trust.nameId) {
    case 'id':
      return users.findById(value)
    case 'username': {
      const found = await users.findByLogin(value)
      return found?.username === value ? found : undefined
    }
    case 'email': {
      const found = await users.findByLogin(value)
      return found?.email === value && found.emailVerified ? found : undefined
    }
    default: {
      const found = await users.findByAttribute(trust.nameId.slice('attribute:'.length), value)
      return found.length === 1 ? found[0] : undefined
    }
  }
}

/** The single statement determines when and how the user signed in (SAML-06). */
function describeSignIn({ authnStatements: [statement] }: SamlAssertion, userId: string): SignInFact {
  if (statement === undefined) return { userId }
  const { sessionNotOnOrAfter: end } = statement
  return {
    userId,
    authTime: Math.floor(statement.instant),
    acr: readForeignAcr(statement.classRef),
    // Some products state the year 9999, which no server accepts as `session_expiry`.
    endsAt: isNumericDate(end) ? end : undefined,
  }
}

/** An assertion is used once, whichever exchange uses it; remembered until no server would accept it. */
export function samlReplayKey(
  { issuer, id, ...assertion }: SamlAssertion,
  clockSkewSeconds: number,
): ReplayKey {
  return {
    kind: 'saml',
    key: replayKeyDigest('saml', id, issuer),
    expiresAt: findReplayEnd(findSamlEnd({ issuer, id, ...assertion }), clockSkewSeconds),
  }
}
