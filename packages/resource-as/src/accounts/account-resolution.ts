// Finds the account of an ID-JAG's subject, by the account linking strategies in the trust entry of its issuer, in
// order. It only reads; the ledger writes a new account, together with the grant that created it.
import { digest, type NewAccount } from '@crosswalk/as-core'
import { type AccountFact, findEmailProblem, type LinkingStep } from '@crosswalk/policy'
import {
  type EpochMs,
  type MaybePromise,
  isDisplayName,
  isText,
  toDisplayName,
  type Result,
  type TrustedIssuerDefinition,
  mapMaybe,
  findOwn,
} from '@crosswalk/protocol'

import type { Account, Accounts, Identity } from '../ports.ts'
import { readSubIdKey } from './sub-id-step.ts'

export interface ResolutionQuestion {
  readonly server: string
  readonly claims: Readonly<Record<string, unknown>>
  readonly trust: TrustedIssuerDefinition
  /** The `aud_tenant` served here, if there are several */
  readonly audTenant?: string | undefined
  readonly nowMs: EpochMs
}

export interface Resolution {
  readonly fact: AccountFact
  /** The subject of the ID-JAG, if the account was found without a link to it */
  readonly unlinked?: Identity
  /** To be created with the grant: just-in-time, or as the first link of an account found by other means */
  readonly newAccount?: NewAccount
}

type Found = { readonly account: Account } | { readonly step: LinkingStep }

/**
 * Resolves the subject of a verified ID-JAG.
 *
 * Every strategy is tried in order, so that the record can state how each ended; the first account wins. If `sub_id` is
 * among them, all strategies must find the same account. A strategy that finds several accounts finds none: a guess
 * would give one user's data to another.
 *
 * @see draft-ietf-oauth-identity-assertion-authz-grant section 4.1; requirements RAS-29 to RAS-32
 */
export function resolveAccount(question: ResolutionQuestion, accounts: Accounts): MaybePromise<Resolution> {
  const { claims, trust, server } = question
  if (!isText(claims.sub, 255)) return { fact: { state: 'missing', linkingSteps: [] } }
  // A workload is never looked up among users, whatever its name.
  if (claims['sub_profile'] !== undefined && claims['sub_profile'] !== 'user')
    return { fact: { state: 'workload', id: findOwn(trust.workloads, claims.sub) } }
  if (trust.provisioning === 'external') {
    return {
      fact: {
        state: 'external',
        id: externalId(trust, claims),
        linkingSteps: [{ step: 'external', result: 'found' }],
      },
    }
  }
  // A NameID refers to the same user as `sub`: if it is used, no strategy is skipped (SAML-13).
  const subIdKey = trust.subject.includes('sub_id') ? readSubIdKey(claims, trust) : undefined
  const tried = resolveByStrategies(question, accounts, { untilFound: subIdKey === undefined })
  return mapMaybe(tried, (end) => judge(question, accounts, { ...end, subIdKey }))

  function externalId(
    entry: TrustedIssuerDefinition,
    { sub, tenant }: Readonly<Record<string, unknown>>,
  ): string {
    return `ext_${accountKey(server, entry.issuer, typeof tenant === 'string' ? tenant : undefined, String(sub))}`
  }
}

interface TriedStrategies {
  readonly linkingSteps: readonly LinkingStep[]
  /** In the order of the strategies */
  readonly found: readonly Account[]
}

interface KnownName {
  /** The NameID as a key, if it is used, or why it cannot be one */
  readonly subIdKey: Result<string, string> | undefined
}

function judge(
  question: ResolutionQuestion,
  accounts: Accounts,
  { linkingSteps, found, subIdKey }: TriedStrategies & KnownName,
): MaybePromise<Resolution> {
  const [account] = found
  if (account !== undefined) {
    if (!isOneUser(found, subIdKey)) return { fact: { state: 'conflict', linkingSteps } }
    const isUnlinked = linkingSteps.some(({ step, result }) => step === 'iss_sub' && result === 'none')
    return {
      fact: describeFound(account, linkingSteps),
      ...(isUnlinked ? { unlinked: describeIdentity(question) } : {}),
    }
  }
  if (linkingSteps.some(({ result }) => result === 'several'))
    return { fact: { state: 'ambiguous', linkingSteps } }
  if (question.trust.provisioning === 'jit') return provision(question, accounts, { linkingSteps, subIdKey })
  const last = linkingSteps.at(-1)
  const onlyEmailRefused = last?.result === 'not-usable' && last.step === 'email'
  return { fact: { state: onlyEmailRefused ? 'email-refused' : 'missing', linkingSteps } }
}

function resolveByStrategies(
  question: ResolutionQuestion,
  accounts: Accounts,
  { untilFound }: { readonly untilFound: boolean },
): MaybePromise<TriedStrategies> {
  const { subject: steps } = question.trust
  const linkingSteps: LinkingStep[] = []
  const found: Account[] = []

  function tryNext(): MaybePromise<TriedStrategies> {
    const step = steps[linkingSteps.length]
    if (step === undefined || (untilFound && found.length > 0)) return { linkingSteps, found }
    return mapMaybe(resolveBy(step, question, accounts), (outcome) => {
      linkingSteps.push('account' in outcome ? { step, result: 'found' } : outcome.step)
      if ('account' in outcome) found.push(outcome.account)
      return tryNext()
    })
  }

  return tryNext()
}

/** A single account that is not known under another SAML name. */
function isOneUser([first, ...others]: readonly Account[], subIdKey: KnownName['subIdKey']): boolean {
  const isOtherName =
    subIdKey?.accepted === true && first?.subIdKey !== undefined && first.subIdKey !== subIdKey.value
  return !isOtherName && others.every(({ id }) => id === first?.id)
}

/**
 * A server that links by NameID creates no account without one (SAML-09). An account of the same `sub` is used, whether or
 * not `iss_sub` is among the strategies: it has the id of the new one, and may be disabled (RAS-32).
 */
async function provision(
  question: ResolutionQuestion,
  accounts: Accounts,
  { linkingSteps, subIdKey }: Pick<TriedStrategies, 'linkingSteps'> & KnownName,
): Promise<Resolution> {
  if (subIdKey?.accepted === false) return { fact: { state: 'missing', linkingSteps } }
  const newAccount = describeNewAccount(question, linkingSteps)
  const { authorizationServer, issuer, tenant, subject } = newAccount
  const known = await accounts.findByIssuerSubject(authorizationServer, issuer, tenant, subject)
  if (known === undefined)
    return {
      fact: describeNew(newAccount, linkingSteps),
      newAccount: subIdKey === undefined ? newAccount : { ...newAccount, subIdKey: subIdKey.value },
    }
  // No strategy has found it by the NameID.
  if (subIdKey !== undefined) return { fact: { state: 'conflict', linkingSteps } }
  return { fact: describeFound(known, linkingSteps) }
}

function describeFound(account: Account, linkingSteps: readonly LinkingStep[]): AccountFact {
  const { id, status } = account
  return { state: 'found', id, active: status === 'active', linkingSteps, profile: account }
}

function describeNew(account: NewAccount, linkingSteps: readonly LinkingStep[]): AccountFact {
  return { state: 'new', id: account.id, linkingSteps, profile: account }
}

function resolveBy(step: string, question: ResolutionQuestion, accounts: Accounts): MaybePromise<Found> {
  const { server, claims, trust, audTenant } = question
  const identity = describeIdentity(question)
  const { issuer, tenant, subject } = identity
  switch (step) {
    case 'iss_sub':
      return mapMaybe(accounts.findByIssuerSubject(server, issuer, tenant, subject, identity), (account) =>
        ofAll(step, account === undefined ? [] : [account]),
      )
    case 'aud_sub':
      return isText(claims.aud_sub) && saysWhichTenant(claims, audTenant)
        ? accounts.findByOwnId(server, claims.aud_sub, identity).then((found) => ofAll(step, found))
        : { step: { step, result: 'not-usable', why: 'no aud_sub claim of this tenant' } }
    case 'email':
      return resolveByEmail({ server, claims, trust, identity, accounts })
    default: {
      const key = readSubIdKey(claims, trust)
      return key.accepted
        ? accounts.findBySubId(server, key.value).then((found) => ofAll(step, found))
        : { step: { step, result: 'not-usable', why: key.refusal } }
    }
  }
}

/** Our own identifier means another user in another of our tenants (TEN-05); policy has compared the tenant. */
function saysWhichTenant(claims: ResolutionQuestion['claims'], audTenant: string | undefined): boolean {
  return audTenant === undefined || claims.aud_tenant === audTenant
}

/** If several users share an identifier, each could be the wrong one. */
function ofAll(step: string, found: readonly Account[]): Found {
  const [only] = found
  if (only === undefined) return { step: { step, result: 'none' } }
  return found.length === 1 ? { account: only } : { step: { step, result: 'several' } }
}

interface EmailQuestion extends Pick<ResolutionQuestion, 'server' | 'claims' | 'trust'> {
  readonly identity: Identity
  readonly accounts: Accounts
}

/**
 * E-mail is only a hint: verified, of a domain this issuer may assert, and matching a single account (RAS-30). Companies
 * give addresses of former users to new ones, so it never leads to an account that the issuer calls by another `sub`.
 */
async function resolveByEmail({ server, claims, trust, identity, accounts }: EmailQuestion): Promise<Found> {
  const step = 'email'
  const refused = (why: string): Found => ({ step: { step, result: 'not-usable', why } })
  const problem = findEmailProblem(claims, trust)
  if (problem !== undefined) return refused(problem)
  const found = await accounts.findByVerifiedEmail(server, String(claims.email).toLowerCase(), identity)
  const [only] = found
  if (
    only !== undefined &&
    found.length === 1 &&
    trust.subject.includes('iss_sub') &&
    isOther(only, identity)
  )
    return refused('the address belongs to another user of this issuer')
  return ofAll(step, found)
}

function isOther(account: Account, { issuer, tenant, subject }: Identity): boolean {
  return account.issuer === issuer && account.tenant === tenant && account.subject !== subject
}

function describeIdentity({ claims, trust }: Pick<ResolutionQuestion, 'claims' | 'trust'>): Identity {
  const { tenant } = claims
  return {
    issuer: trust.issuer,
    subject: String(claims.sub),
    ...(typeof tenant === 'string' ? { tenant } : {}),
    ...(findEmailProblem(claims, trust) === undefined ? { email: String(claims.email).toLowerCase() } : {}),
  }
}

/** The id is derived from the key, so that two concurrent first redemptions agree on it. */
function describeNewAccount(
  { server, claims, trust, audTenant, nowMs }: ResolutionQuestion,
  linkingSteps: readonly LinkingStep[],
): NewAccount {
  const tenant = typeof claims.tenant === 'string' ? claims.tenant : undefined
  const subject = String(claims.sub)
  const name = toDisplayName(claims.name, 256)
  return {
    id: `acc_${accountKey(server, trust.issuer, tenant, subject)}`,
    authorizationServer: server,
    issuer: trust.issuer,
    tenant,
    subject,
    // Only an issuer trusted with our own identifiers may set one on an account.
    ...(trust.subject.includes('aud_sub') && isText(claims.aud_sub) && saysWhichTenant(claims, audTenant)
      ? { audSub: claims.aud_sub }
      : {}),
    ...(isDisplayName(claims.email, 320) ? { email: claims.email } : {}),
    emailVerified: linkingSteps.some(({ step, result }) => step === 'email' && result === 'none'),
    ...(name === undefined ? {} : { name }),
    createdAt: nowMs,
  }
}

function accountKey(server: string, issuer: string, tenant: string | undefined, subject: string): string {
  return digest(JSON.stringify([server, issuer, tenant ?? null, subject])).slice(0, 27)
}
