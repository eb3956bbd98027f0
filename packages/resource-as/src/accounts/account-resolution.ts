// Finds the account an ID-JAG speaks of, by the account linking strategies that the trust entry of its issuer lists, in order.
// It reads only; a new account is written by the ledger, together with the grant that brought it.
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
} from '@crosswalk/protocol'

import type { Account, Accounts, Identity } from '../ports.ts'
import { readSubIdKey } from './sub-id-step.ts'

export interface ResolutionQuestion {
  readonly server: string
  readonly claims: Readonly<Record<string, unknown>>
  readonly trust: TrustedIssuerDefinition
  /** The `aud_tenant` served here, where there are several */
  readonly audTenant?: string | undefined
  readonly nowMs: EpochMs
}

export interface Resolution {
  readonly fact: AccountFact
  /** Who the ID-JAG speaks of, where the account was found without a link to it */
  readonly unlinked?: Identity
  /** To be created with the grant: just-in-time, or the first link of an account found by other means */
  readonly newAccount?: NewAccount
}

type Found = { readonly account: Account } | { readonly step: LinkingStep }

/**
 * Resolves the subject of a verified ID-JAG.
 *
 * Every step is tried in the order listed, so that the record can say how each ended; the first account wins.
 * Where `sub_id` is among them, accounts of different steps must be the same one.
 * A step that meets several accounts finds none: guessing would hand one user's data to another.
 *
 * @see draft-ietf-oauth-identity-assertion-authz-grant section 4.1; requirements RAS-29 to RAS-32
 */
export function resolveAccount(question: ResolutionQuestion, accounts: Accounts): MaybePromise<Resolution> {
  const { claims, trust, server } = question
  if (!isText(claims.sub, 255)) return { fact: { state: 'missing', linkingSteps: [] } }
  // Whatever a workload is called, it is never looked for among users.
  if (claims['sub_profile'] !== undefined && claims['sub_profile'] !== 'user')
    return { fact: { state: 'workload', id: findServiceAccount(trust, claims.sub) } }
  if (trust.provisioning === 'external') {
    return {
      fact: {
        state: 'external',
        id: externalId(trust, claims),
        linkingSteps: [{ step: 'external', result: 'found' }],
      },
    }
  }
  // A NameID speaks of the same user as `sub`: where it counts, no step is left out (SAML-13).
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
  /** In the order of the steps */
  readonly found: readonly Account[]
}

interface KnownName {
  /** The NameID as a key, where it counts, or why it cannot be one */
  readonly subIdKey: Result<string, string> | undefined
}

function judge(
  question: ResolutionQuestion,
  accounts: Accounts,
  { linkingSteps, found, subIdKey }: TriedStrategies & KnownName,
): MaybePromise<Resolution> {
  const [account] = found
  if (account !== undefined) {
    const state = isOneUser(found, subIdKey) ? 'found' : 'conflict'
    if (state === 'conflict') return { fact: { state, linkingSteps } }
    const isUnlinked = linkingSteps.some(({ step, result }) => step === 'iss_sub' && result === 'none')
    return {
      fact: { state, id: account.id, active: account.status === 'active', linkingSteps, profile: account },
      ...(isUnlinked ? { unlinked: describeIdentity(question) } : {}),
    }
  }
  if (linkingSteps.some(({ result }) => result === 'several'))
    return { fact: { state: 'ambiguous', linkingSteps } }
  if (question.trust.provisioning === 'jit') return provision(question, accounts, { linkingSteps, subIdKey })
  const onlyEmailRefused =
    linkingSteps.length > 0 &&
    linkingSteps.at(-1)?.result === 'not-usable' &&
    linkingSteps.at(-1)?.step === 'email'
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

/** One account, and not one that is known under another SAML name. */
function isOneUser([first, ...others]: readonly Account[], subIdKey: KnownName['subIdKey']): boolean {
  const isOtherName =
    subIdKey?.accepted === true && first?.subIdKey !== undefined && first.subIdKey !== subIdKey.value
  return !isOtherName && others.every(({ id }) => id === first?.id)
}

/** A server that goes by NameIDs makes no account without one (SAML-09), and none beside that of the same `sub`. */
async function provision(
  question: ResolutionQuestion,
  accounts: Accounts,
  { linkingSteps, subIdKey }: Pick<TriedStrategies, 'linkingSteps'> & KnownName,
): Promise<Resolution> {
  const newAccount = describeNewAccount(question)
  if (subIdKey === undefined) return { fact: describeNew(newAccount, linkingSteps), newAccount }
  if (!subIdKey.accepted) return { fact: { state: 'missing', linkingSteps } }
  const { authorizationServer, issuer, tenant, subject } = newAccount
  const known = await accounts.findByIssuerSubject(authorizationServer, issuer, tenant, subject)
  return known === undefined
    ? {
        fact: describeNew(newAccount, linkingSteps),
        newAccount: { ...newAccount, subIdKey: subIdKey.value },
      }
    : { fact: { state: 'conflict', linkingSteps } }
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
        ofOne(step, account),
      )
    case 'aud_sub':
      return isText(claims.aud_sub) && saysWhichTenant(claims, audTenant)
        ? accounts.findByOwnId(server, claims.aud_sub, identity).then((account) => ofOne(step, account))
        : { step: { step, result: 'not-usable', why: 'no aud_sub claim of this tenant' } }
    case 'email':
      return resolveByEmail({ server, claims, trust, identity, accounts })
    default: {
      const key = readSubIdKey(claims, trust)
      return key.accepted
        ? accounts.findBySubId(server, key.value).then((account) => ofOne(step, account))
        : { step: { step, result: 'not-usable', why: key.refusal } }
    }
  }
}

/** An identifier of ours means another user in another tenant of ours (TEN-05); which it is, policy has compared. */
function saysWhichTenant(claims: ResolutionQuestion['claims'], audTenant: string | undefined): boolean {
  return audTenant === undefined || claims.aud_tenant === audTenant
}

function ofOne(step: string, account: Account | undefined): Found {
  return account === undefined ? { step: { step, result: 'none' } } : { account }
}

interface EmailQuestion extends Pick<ResolutionQuestion, 'server' | 'claims' | 'trust'> {
  readonly identity: Identity
  readonly accounts: Accounts
}

/** E-mail is a hint: verified, of a domain this issuer answers for, and of one account only (RAS-30). */
async function resolveByEmail({ server, claims, trust, identity, accounts }: EmailQuestion): Promise<Found> {
  const step = 'email'
  const refused = (why: string): Found => ({ step: { step, result: 'not-usable', why } })
  const problem = findEmailProblem(claims, trust)
  if (problem !== undefined) return refused(problem)
  const found = await accounts.findByVerifiedEmail(server, String(claims.email).toLowerCase(), identity)
  const [only] = found
  if (only === undefined) return { step: { step, result: 'none' } }
  return found.length === 1 ? { account: only } : { step: { step, result: 'several' } }
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

/** The id is derived from the key, so that two first redemptions at once agree on it. */
function describeNewAccount({ server, claims, trust, audTenant, nowMs }: ResolutionQuestion): NewAccount {
  const tenant = typeof claims.tenant === 'string' ? claims.tenant : undefined
  const subject = String(claims.sub)
  const name = toDisplayName(claims.name, 256)
  return {
    id: `acc_${accountKey(server, trust.issuer, tenant, subject)}`,
    authorizationServer: server,
    issuer: trust.issuer,
    tenant,
    subject,
    // Only an issuer that is trusted with our own identifiers may put one on an account.
    ...(trust.subject.includes('aud_sub') && isText(claims.aud_sub) && saysWhichTenant(claims, audTenant)
      ? { audSub: claims.aud_sub }
      : {}),
    ...(isDisplayName(claims.email, 320) ? { email: claims.email } : {}),
    emailVerified: trust.subject.includes('email') && findEmailProblem(claims, trust) === undefined,
    ...(name === undefined ? {} : { name }),
    createdAt: nowMs,
  }
}

function accountKey(server: string, issuer: string, tenant: string | undefined, subject: string): string {
  return digest(JSON.stringify([server, issuer, tenant ?? null, subject])).slice(0, 27)
}

/** @returns the account that a workload of the issuer is here, undefined where it is not taken */
export function findServiceAccount(
  { workloads }: Pick<TrustedIssuerDefinition, 'workloads'>,
  subject: string,
): string | undefined {
  return workloads !== undefined && Object.hasOwn(workloads, subject) ? workloads[subject] : undefined
}
