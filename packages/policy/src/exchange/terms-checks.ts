// The terms of a grant: scopes, rules, proof of possession and step-up.
import type { EpochSeconds } from '@crosswalk/protocol'

import type { Checklist } from '../checklist.ts'
import type { SignInFact } from '../exchange-facts.ts'
import type { Connection } from '../exchange-snapshot.ts'
import { evaluateRules, nameSources, type RuleOutcome } from '../rules/index.ts'
import { findChain, limitByChain } from './chain-checks.ts'
import { describeGrant } from './describe-grant.ts'
import type { Findings, Question } from './findings.ts'
import { limitLifetime } from './lifetime.ts'
import {
  checkDpopRequired,
  checkRules,
  checkStepUp,
  checkVolume,
  combineRequirements,
} from './policy-checks.ts'
import { hasActiveOwner } from '../owners.ts'
import { findRequestingApp } from './requesting-app.ts'
import { checkApproval } from './scope-approval.ts'
import { checkDetails, checkScope, limitScope, narrowScope, type ScopeOutcome } from './scope-checks.ts'
import { isWorkload } from './workload-checks.ts'

export function checkTerms(
  list: Checklist,
  question: Question,
  { connection, resource }: { readonly connection: Connection; readonly resource: readonly string[] },
): Partial<Findings> {
  const { facts, snapshot, asked, signIn } = question
  const { resourceApp } = question.target
  if (resourceApp === undefined) return {}
  const now = facts.nowMs / 1000
  const chain = findChain(facts.subject)
  const defined = narrowScope(asked, resource, { resourceApp, connection })
  const before = chain === undefined ? defined : limitByChain(defined, chain, connection)
  const outcome = runRules(question, { resourceApp, resource, scope: before.scope })
  const left = limitByRules(before, outcome)
  const { scope, narrowed } = left
  checkApproval(list, left, connection)
  checkScope(list, asked, left)
  // It is unknown which authorization details an access token allows elsewhere, so it allows none.
  const allowed = chain === undefined ? connection : { ...connection, authorizationDetailsTypes: [] }
  const types = snapshot.detailsTypes.get(resourceApp.id)
  checkDetails(list, asked, { types, connection: allowed, resource })
  if (outcome === undefined || signIn === undefined) {
    list.skip(['policy.rules', 'stepup'], signIn === undefined ? 'subject_token' : 'people.active')
    return { narrowed }
  }
  checkRules(list, outcome)
  checkVolume(list, outcome, facts.volumeLastHour)
  const needs = combineRequirements(connection, outcome)
  checkDpopRequired(list, needs, facts.dpop)
  const { acrValues, idJagTtlSeconds: configuredSeconds } = snapshot
  const stepUp = checkStepUp(list, needs, { signIn, now, acrValues, canSignIn: !isWorkload(facts.subject) })
  const ends = { tokenEndsAt: chain?.expires_at, sessionEndsAt: findSessionEnd(signIn, now) }
  const { limits } = outcome
  const lifetimeSeconds = limitLifetime(list, { now, configuredSeconds, connection, limits, scope, ...ends })
  const terms = { connection, resourceApp, resource, scope, lifetimeSeconds, ...ends }
  return { outcome, narrowed, stepUp, granted: describeGrant(question, terms) }
}

/** At least one second from now: a session that ended within the clock skew was accepted as live (SAML-06). */
function findSessionEnd({ endsAt }: SignInFact, now: EpochSeconds): EpochSeconds | undefined {
  return endsAt === undefined ? undefined : Math.max(Math.floor(endsAt), Math.floor(now) + 1)
}

/** @returns undefined if the user is unknown */
function runRules(
  { facts, snapshot, signIn }: Question,
  about: {
    readonly resourceApp: { readonly id: string }
    readonly resource: readonly string[]
    readonly scope: readonly string[]
  },
): RuleOutcome | undefined {
  const { user, ip, volumeLastHour } = facts
  if (user === undefined) return undefined
  const app = findRequestingApp(facts, snapshot)
  return evaluateRules(snapshot.rules, {
    ...about,
    now: facts.nowMs / 1000,
    app: {
      id: app?.id ?? '',
      kind: app?.kind ?? 'web',
      owners: app?.owners ?? [],
      hasActiveOwner: app && hasActiveOwner(app, snapshot),
    },
    user,
    dpop: facts.dpop.state === 'proved',
    subjectKind: isWorkload(facts.subject) ? 'workload' : 'user',
    authTime: signIn?.authTime,
    acr: signIn?.acr,
    ip,
    volumeLastHour,
  })
}

function limitByRules(before: ScopeOutcome, outcome: RuleOutcome | undefined): ScopeOutcome {
  const { scopes, parts } = outcome?.limits ?? { scopes: undefined, parts: [] }
  if (scopes === undefined) return before
  return limitScope(before, {
    scopes: new Set(scopes),
    from: (removed) => `policy ${nameSources(parts, (part) => part.scopes?.includes(removed) === false)}`,
  })
}
