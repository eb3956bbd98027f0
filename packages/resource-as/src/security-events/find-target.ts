// What a verified security event revokes here: which tokens and ID-JAGs, of which tenant. An issuer can only revoke
// what it granted, in the tenants it is trusted for (REV-07). Reads accounts; changes nothing.
import { grantIdOf } from '@crosswalk/as-core'
import {
  accept,
  isOfDomain,
  isText,
  parseSecuritySubject,
  type SecurityEvent,
  type SecuritySubject,
  type SetRefusal,
  refuse,
  type Result,
  type TrustedIssuerDefinition,
} from '@crosswalk/protocol'

import type { Accounts } from '../ports.ts'

/** Of one issuer; every member that is set must match. */
export interface Target {
  readonly tenant?: string | undefined
  /** `sub` of the ID-JAG */
  readonly subject?: string | undefined
  /** A local account that the issuer identified by address, and that has no subject of this issuer yet */
  readonly accountId?: string | undefined
  readonly clientId?: string | undefined
  /** Digest of the `jti` of the ID-JAG */
  readonly grantId?: string | undefined
}

export interface TargetQuestion {
  readonly server: string
  readonly issuer: string
  /** Entries of the issuer that accept security events */
  readonly trust: readonly TrustedIssuerDefinition[]
  /** Its other active entries */
  readonly closed: readonly TrustedIssuerDefinition[]
  readonly event: SecurityEvent
}

/** @returns what the event refers to, empty if it names no known user; or why the issuer may not send it */
export async function findTargets(
  question: TargetQuestion,
  accounts: Accounts,
): Promise<Result<readonly Target[], SetRefusal>> {
  const { subject: subjectId } = question.event
  if (subjectId === undefined) return accept([])
  const parsed = parseSecuritySubject(subjectId)
  if (!parsed.accepted)
    return parsed.refusal === 'malformed'
      ? refuse({ error: 'invalid_request', detail: 'sub_id is malformed' })
      : accept([])
  const subject = parsed.value
  if (namesOtherIssuer(subject, question.issuer))
    return refuse({ error: 'invalid_issuer', detail: 'the subject belongs to another issuer' })
  const entry = findEntry(question, subject.tenant)
  if (entry === undefined)
    return refuse({
      error: 'invalid_issuer',
      detail: 'the issuer is not trusted for this tenant, or names none',
    })
  return accept(await describeTargets(subject, { ...question, entry }, accounts))
}

function namesOtherIssuer({ user, grant, everythingOf }: SecuritySubject, issuer: string): boolean {
  const named = [
    user !== undefined && 'issuer' in user ? user.issuer : undefined,
    grant?.issuer,
    everythingOf,
  ]
  return named.some((one) => one !== undefined && one !== issuer)
}

/**
 * If an issuer is trusted for several tenants, an event without a tenant is ambiguous. A tenant's own entry takes
 * precedence over the entry for all tenants, even if it accepts no events.
 */
function findEntry(
  { trust, closed }: Pick<TargetQuestion, 'trust' | 'closed'>,
  tenant: string | undefined,
): TrustedIssuerDefinition | undefined {
  const find = (one: string | undefined) => trust.find((entry) => entry.tenant === one)
  const own = tenant === undefined && trust.length === 1 ? trust[0]?.tenant : tenant
  if (own === undefined) return closed.some((entry) => entry.tenant !== undefined) ? undefined : find(own)
  return find(own) ?? (closed.some((entry) => entry.tenant === own) ? undefined : find(undefined))
}

async function describeTargets(
  { user, clientId, grant, tenant }: SecuritySubject,
  { server, issuer, entry }: TargetQuestion & { readonly entry: TrustedIssuerDefinition },
  accounts: Accounts,
): Promise<readonly Target[]> {
  const target: Target = {
    tenant: entry.tenant ?? tenant,
    clientId,
    grantId: grant === undefined ? undefined : grantIdOf(grant.jti),
  }
  if (user === undefined) return [target]
  if ('subject' in user) return [{ ...target, subject: user.subject }]
  if (!speaksFor(entry, user.email)) return []
  const email = user.email.toLowerCase()
  const from = { issuer, email, ...(target.tenant === undefined ? {} : { tenant: target.tenant }) }
  const found = await accounts.findByVerifiedEmail(server, email, from)
  return found.map((account) =>
    account.issuer === issuer
      ? { ...target, subject: account.subject }
      : { ...target, accountId: account.id },
  )
}

/** As for ID-JAGs: e-mail requires the account linking strategy and a listed domain (RAS-30). */
function speaksFor({ subject, emailDomains }: TrustedIssuerDefinition, email: string): boolean {
  return subject.includes('email') && isOfDomain(email, emailDomains)
}

/** Each one is a search of all live tokens. An event with more applies to everything of its subject. */
const MAX_RESOURCES = 100

/** The resources that one of our own events is limited to, if any. */
export function readResources({
  resources,
}: Readonly<Record<string, unknown>>): readonly string[] | undefined {
  if (!Array.isArray(resources) || resources.length > MAX_RESOURCES) return undefined
  return resources.length > 0 && resources.every((one) => isText(one)) ? resources : undefined
}
