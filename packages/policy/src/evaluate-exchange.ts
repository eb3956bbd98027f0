// Whether the IdP issues an ID-JAG: the one pure evaluator behind the token endpoint, simulator, console and audit log.
import type { DecisionRecord } from '@crosswalk/protocol'

import { type Checklist, createChecklist } from './checklist.ts'
import { checkActor, checkActorAllowed, describeActor } from './exchange/actor-checks.ts'
import {
  checkConnection,
  checkConnectionResources,
  findOpening,
  renderOpening,
} from './exchange/connection-checks.ts'
import type { Findings, Question } from './exchange/findings.ts'
import { checkDelegation, findChain } from './exchange/chain-checks.ts'
import { buildAccessPageUri } from './exchange/access-page.ts'
import { applyAccessGrants } from './exchange/granted-access.ts'
import { checkUserAccess } from './exchange/user-checks.ts'
import { checkBlocks } from './exchange/policy-checks.ts'
import { checkRefreshExchange, isRefreshExchange } from './exchange/refresh-exchange.ts'
import { renderNames, renderRequest } from './exchange/render-request.ts'
import { checkClient, checkRequest } from './exchange/request-checks.ts'
import { findRequestingApp } from './exchange/requesting-app.ts'
import { checkSubject, findSubjectUserId } from './exchange/subject-checks.ts'
import { resolveTarget } from './exchange/target.ts'
import { checkTerms } from './exchange/terms-checks.ts'
import { checkSubjectKind, isWorkload } from './exchange/workload-checks.ts'
import type { ExchangeFacts } from './exchange-facts.ts'
import { type ExchangeSnapshot, openRequestKey } from './exchange-snapshot.ts'
import { assembleRecord } from './record.ts'

const NOTHING_FOUND: Findings = {
  target: { resourceApp: undefined, candidates: [] },
  narrowed: [],
  granted: null,
}

/**
 * Decides one token exchange request.
 *
 * @param facts - what was observed of the request; times in epoch milliseconds
 * @param snapshot - the current definitions
 * @returns the decision record with every check; the first failure in order sets the code; never throws
 * @see draft-ietf-oauth-identity-assertion-authz-grant section 4.3
 */
export function evaluateExchange(facts: ExchangeFacts, snapshot: ExchangeSnapshot): DecisionRecord {
  const list = createChecklist()
  const found = checkForm(list, facts) ? findOut(list, facts, snapshot) : NOTHING_FOUND
  return assembleRecord({
    frame: facts,
    stage: 'idp.token_exchange',
    list,
    request: renderRequest(facts, found, snapshot),
    resolution: {
      candidates: [...found.target.candidates],
      resource_app: found.target.resourceApp === undefined ? undefined : found.target.resourceApp.id,
      how: found.target.how,
      connection: found.connection === undefined ? undefined : found.connection.id,
    },
    policies: [...(found.outcome?.traces ?? [])],
    narrowed: [...found.narrowed],
    granted: found.granted,
    stepUp: found.stepUp,
    remedy: describeOpening(list, found, facts),
    retryAfterSeconds:
      facts.retryAfterSeconds ??
      findKeyWait(facts) ??
      findVolumeWait(list, facts, found.outcome?.limits.perHour),
    errorUri: buildAccessPageUri(list, facts),
    names: renderNames(facts, found, snapshot),
    snapshot: { revision: snapshot.revision, clock_skew_seconds: snapshot.clockSkewSeconds },
  })
}

/** A denial outside the time window resolves itself, so the remedy states when the window opens. */
function describeOpening(
  list: Checklist,
  { connection }: Findings,
  { nowMs }: ExchangeFacts,
): string | undefined {
  if (connection === undefined || list.failure()?.code !== 'XAA1405') return undefined
  const opensAt = findOpening(connection, nowMs / 1000)
  return opensAt === undefined
    ? 'It does not open again before the connection ends.'
    : `It opens next on ${renderOpening(connection, opensAt)}.`
}

/** Seconds until the keys of another identity provider, or of the actor, may be fetched again. */
function findKeyWait({ subject, actor }: ExchangeFacts): number | undefined {
  const tokens = [subject.kind === 'upstream_id_token' ? subject.token : undefined, actor?.token]
  const waits = tokens.map((token) => (token?.state === 'read' ? token.retryAfterSeconds : undefined))
  return waits.find((wait) => wait !== undefined)
}

function findVolumeWait(
  list: Checklist,
  { volumeWaitSeconds }: ExchangeFacts,
  perHour: number | undefined,
): number | undefined {
  const reached = perHour !== undefined && list.failure()?.code === 'XAA1904'
  return reached ? volumeWaitSeconds?.(perHour) : undefined
}

/** The form is checked before anything is trusted or computed. */
function checkForm(list: Checklist, { request }: ExchangeFacts): boolean {
  if (request.problems.length === 0) {
    list.pass('request.form')
    return true
  }
  list.fail('request.form', 'XAA1004', { actual: request.problems })
  list.skip(
    [
      'client.authentication',
      'request.parameters',
      'subject_token',
      'target',
      'connection',
      'people',
      'scope',
    ],
    'request.form',
  )
  return false
}

function findOut(list: Checklist, facts: ExchangeFacts, snapshot: ExchangeSnapshot): Findings {
  return isRefreshExchange(facts.request)
    ? { ...NOTHING_FOUND, ...checkRefreshExchange(list, facts, snapshot) }
    : runChecks(list, facts, snapshot)
}

function runChecks(list: Checklist, facts: ExchangeFacts, snapshot: ExchangeSnapshot): Findings {
  if (!checkClient(list, facts, snapshot)) {
    list.skip(
      ['request.parameters', 'subject_token', 'target', 'connection', 'people', 'scope', 'policy.rules'],
      'client.authentication',
    )
    return NOTHING_FOUND
  }
  const asked = checkRequest(list, facts, snapshot)
  const actor = checkActor(list, facts, snapshot)
  const signIn = checkSubject(list, facts, snapshot)
  const act = describeActor(list, facts, snapshot, actor)
  if (asked === undefined) {
    list.skip(['target', 'connection', 'people', 'scope', 'policy.rules'], 'request')
    return { ...NOTHING_FOUND, signIn, act }
  }
  const target = resolveTarget(list, asked, snapshot)
  return {
    ...NOTHING_FOUND,
    ...checkAllowance(list, { facts, snapshot, asked, signIn, actor, act, target }),
    asked,
    signIn,
    act,
    target,
  }
}

/** Connection, users, scopes and policies: whether this app may do this for this user at this resource app. */
function checkAllowance(list: Checklist, question: Question): Partial<Findings> {
  const { facts, snapshot, asked, signIn, target } = question
  const { resourceApp } = target
  const appId = facts.client.clientId ?? ''
  if (resourceApp === undefined) {
    list.skip(['connection', 'people', 'scope', 'policy.rules'], 'target')
    return {}
  }
  const now = facts.nowMs / 1000
  const connectionQuestion = { appId, resourceApp, resource: asked.resource, now }
  const defined = checkConnection(list, connectionQuestion, snapshot)
  const connection =
    defined === undefined || facts.user === undefined || isWorkload(facts.subject)
      ? defined
      : applyAccessGrants(defined, { user: facts.user, resourceApp, grants: snapshot.accessGrants, now })
  checkSubjectKind(list, facts, connection)
  checkActorAllowed(list, question.actor, connection)
  checkDelegation(list, findChain(facts.subject), connection)
  const resource =
    connection === undefined ? undefined : checkConnectionResources(list, connection, connectionQuestion)
  if (signIn === undefined) list.skip(['people'], 'subject_token')
  else if (isWorkload(facts.subject)) list.notApplicable('people')
  else {
    const about = { user: signIn.userId, app: appId, resourceApp: resourceApp.id }
    const openRequest = snapshot.openRequests.get(openRequestKey(about))?.id
    const app = findRequestingApp(facts, snapshot)
    const atSameAudience = snapshot.audiences.get(resourceApp.issuer) ?? []
    checkUserAccess(list, facts.user, { app, resourceApp, atSameAudience, connection, openRequest })
  }
  const parties = { userId: findSubjectUserId(facts, signIn), appId, actorId: question.actor?.id }
  checkBlocks(list, { now, ...parties, connectionId: connection?.id }, snapshot)
  if (connection === undefined || resource === undefined) {
    list.skip(
      ['scope', 'policy.rules', 'stepup'],
      connection === undefined ? 'connection.exists' : 'connection.resource',
    )
    return { connection }
  }
  return { connection, ...checkTerms(list, question, { connection, resource }) }
}
