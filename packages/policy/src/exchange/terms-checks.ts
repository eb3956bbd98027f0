// The terms of a grant: scopes, rules, proof of possession and step-up; and the grant itself.
import { type Granted, SUBJECT_PROFILES } from '@crosswalk/protocol'

import type { Checklist } from '../checklist.ts'
import type { ExchangeFacts, SignInFact } from '../exchange-facts.ts'
import type { Connection, ExchangeSnapshot } from '../exchange-snapshot.ts'
import { readUserSource } from '../users.ts'
import { evaluateRules, type RuleOutcome } from '../rules/index.ts'
import { findChain, limitByChain } from './chain-checks.ts'
import type { Findings, Question } from './findings.ts'
import { findSessionExpiry, limitLifetime } from './lifetime.ts'
import {
  checkDpopRequired,
  checkRules,
  checkStepUp,
  checkVolume,
  combineRequirements,
} from './policy-checks.ts'
import type { RequestedAccess } from './request-checks.ts'
import { findRequestingApp } from './requesting-app.ts'
import { checkApproval } from './scope-approval.ts'
import { checkDetails, checkScope, limitScope, narrowScope } from './scope-checks.ts'
import type { Target } from './target.ts'
import { isWorkload, nameWorkload } from './workload-checks.ts'

export function checkTerms(
  list: Checklist,
  { facts, snapshot, asked, signIn, act, target }: Question,
  { connection, resource }: { connection: Connection; resource: readonly string[] },
): Partial<Findings> {
  const { resourceApp } = target
  if (resourceApp === undefined) return {}
  const chain = findChain(facts.subject)
  const defined = narrowScope(asked, resource, { resourceApp, connection })
  const before = chain === undefined ? defined : limitByChain(defined, chain, connection)
  const outcome =
    facts.user === undefined
      ? undefined
      : runRules(facts, snapshot, { resourceApp: resourceApp.id, resource, scope: before.scope, signIn })
  const scopes = outcome?.limits.scopes
  const left =
    scopes === undefined
      ? before
      : limitScope(before, {
          from: `policy ${outcome?.limits.from.join(', ') ?? ''}`,
          scopes: new Set(scopes),
        })
  const { scope, narrowed } = left
  checkApproval(list, left, connection)
  checkScope(list, asked, left)
  // It is unknown which authorization details an access token allows elsewhere, so it allows none.
  const allowed = chain === undefined ? connection : { ...connection, authorizationDetailsTypes: [] }
  const types = snapshot.detailsTypes.get(resourceApp.id)
  checkDetails(list, asked, { types, connection: allowed, resource })
  if (outcome === undefined || signIn === undefined) {
    list.skip(['policy.rules', 'stepup'], 'people.active')
    return { narrowed }
  }
  checkRules(list, outcome)
  checkVolume(list, outcome, facts.volumeLastHour)
  const needs = combineRequirements(connection, outcome)
  checkDpopRequired(list, needs, facts.dpop)
  const stepUp = checkStepUp(list, needs, {
    signIn,
    now: facts.nowMs / 1000,
    acrValues: snapshot.acrValues,
    canSignIn: !isWorkload(facts.subject),
  })
  const tokenEndsAt = chain?.expires_at
  const sessionEndsAt = findSessionEnd(signIn, facts.nowMs / 1000)
  const lifetimeSeconds = limitLifetime(list, {
    now: facts.nowMs / 1000,
    configuredSeconds: snapshot.idJagTtlSeconds,
    connection,
    limits: outcome.limits,
    scope,
    tokenEndsAt,
    sessionEndsAt,
  })
  const workload = isWorkload(facts.subject) ? describeSubject(facts, snapshot) : undefined
  const terms = {
    connection,
    resourceApp,
    resource,
    scope,
    asked,
    act,
    lifetimeSeconds,
    tokenEndsAt,
    sessionEndsAt,
    workload,
  }
  return { outcome, narrowed, stepUp, granted: describeGrant(facts, terms) }
}

/** At least one second from now: a session that ended within the clock skew was accepted as live (SAML-06). */
function findSessionEnd({ endsAt }: SignInFact, now: number): number | undefined {
  return endsAt === undefined ? undefined : Math.max(Math.floor(endsAt), Math.floor(now) + 1)
}

function runRules(
  facts: ExchangeFacts,
  snapshot: ExchangeSnapshot,
  about: {
    resourceApp: string
    resource: readonly string[]
    scope: readonly string[]
    signIn: SignInFact | undefined
  },
): RuleOutcome {
  const app = findRequestingApp(facts, snapshot)
  const { signIn, user } = { signIn: about.signIn, user: facts.user }
  return evaluateRules(snapshot.rules, {
    now: facts.nowMs / 1000,
    app: { id: app?.id ?? '', kind: app?.kind ?? 'web', owners: app?.owners ?? [] },
    user: {
      id: user?.id ?? '',
      username: user?.username ?? '',
      groups: user?.groups ?? [],
      attributes: user?.attributes ?? {},
    },
    resourceApp: { id: about.resourceApp },
    resource: about.resource,
    scope: about.scope,
    dpop: facts.dpop.state === 'proved',
    subjectKind: isWorkload(facts.subject) ? 'workload' : 'user',
    ...(signIn?.authTime === undefined ? {} : { authTime: signIn.authTime }),
    ...(signIn?.acr === undefined ? {} : { acr: signIn.acr }),
    ip: facts.ip,
    volumeLastHour: facts.volumeLastHour,
  })
}

/** The same at every resource app: how users are identified does not depend on the app. */
function describeSubject(facts: ExchangeFacts, snapshot: ExchangeSnapshot): Granted['subject'] {
  const app = findRequestingApp(facts, snapshot)
  const profile = app === undefined ? undefined : SUBJECT_PROFILES[app.kind]
  return { strategy: 'workload', value: nameWorkload(app?.id ?? ''), profile }
}

interface Terms {
  readonly connection: Connection
  readonly resourceApp: NonNullable<Target['resourceApp']>
  readonly resource: readonly string[]
  readonly scope: readonly string[]
  readonly asked: RequestedAccess
  readonly act: Readonly<Record<string, unknown>> | undefined
  readonly lifetimeSeconds: number
  readonly tokenEndsAt: number | undefined
  readonly sessionEndsAt: number | undefined
  /** The subject, if it is a workload; undefined for a user */
  readonly workload: Granted['subject'] | undefined
}

function describeGrant(facts: ExchangeFacts, terms: Terms): Granted {
  const { connection, resourceApp, lifetimeSeconds } = terms
  const value =
    facts.user === undefined || resourceApp.subject === 'pairwise'
      ? undefined
      : readUserSource(resourceApp.subject, facts.user)
  return {
    client_id: connection.clientId ?? '',
    audience: resourceApp.issuer,
    resource: [...terms.resource],
    scope: [...terms.scope],
    ...(terms.asked.details.length === 0 ? {} : { authorization_details: [...terms.asked.details] }),
    lifetime_seconds: lifetimeSeconds,
    session_expiry: findSessionExpiry(terms),
    subject: terms.workload ?? {
      strategy: resourceApp.subject,
      value: value === undefined ? undefined : String(value),
    },
    ...(facts.dpop.state === 'proved' ? { cnf: { jkt: facts.dpop.jkt } } : {}),
    ...(terms.act === undefined ? {} : { act: { ...terms.act } }),
  }
}
