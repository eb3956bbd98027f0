// Whether the IdP issues an ID-JAG: the one pure evaluator behind token endpoint, simulator, console and audit.
import {
  type AppDefinition,
  type DecisionRecord,
  type Granted,
  isVerified,
  readActor,
} from '@crosswalk/protocol'

import { type Checklist, createChecklist } from './checklist.ts'
import { checkActor, checkActorAllowed, describeActor } from './exchange/actor-checks.ts'
import { checkConnection, checkConnectionResources } from './exchange/connection-checks.ts'
import { checkPeople } from './exchange/people-checks.ts'
import {
  checkBlocks,
  checkDpopRequired,
  checkRules,
  checkStepUp,
  checkVolume,
  combineRequirements,
  type StepUp,
} from './exchange/policy-checks.ts'
import { checkRefreshExchange, isRefreshExchange } from './exchange/refresh-exchange.ts'
import { type Asked, checkClient, checkRequest } from './exchange/request-checks.ts'
import { findRequestingApp } from './exchange/requesting-app.ts'
import { checkDetails, checkScope, type Narrowed, narrowScope } from './exchange/scope-checks.ts'
import { checkSubject } from './exchange/subject-checks.ts'
import { resolveTarget, type Target } from './exchange/target.ts'
import type { ExchangeFacts, SignInFact } from './exchange-facts.ts'
import type { Connection, ExchangeSnapshot } from './exchange-snapshot.ts'
import { readUserSource } from './people.ts'
import { assembleRecord, renderMoment } from './record.ts'
import { evaluateRules, type RuleOutcome } from './rules/index.ts'

/** What the checks found on the way; undefined where a check before it failed. */
interface Findings {
  readonly asked?: Asked | undefined
  readonly signIn?: SignInFact | undefined
  readonly act?: Readonly<Record<string, unknown>> | undefined
  readonly target: Target
  readonly connection?: Connection | undefined
  readonly outcome?: RuleOutcome | undefined
  readonly narrowed: readonly Narrowed[]
  readonly granted: Granted | null
  readonly stepUp?: StepUp | undefined
}

const NOTHING_FOUND: Findings = {
  target: { resourceApp: undefined, candidates: [] },
  narrowed: [],
  granted: null,
}

/**
 * Decides one token exchange request.
 *
 * @param facts - what was observed of the request; times in epoch milliseconds
 * @param snapshot - the definitions in force
 * @returns the decision record; every check is listed, the first failure in order gives the code; never throws
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
    retryAfterSeconds: facts.retryAfterSeconds,
    names: renderNames(facts, found, snapshot),
    snapshot: { revision: snapshot.revision, clock_skew_seconds: snapshot.clockSkewSeconds },
  })
}

/** Faults of form are judged before anything is believed or computed. */
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
    list.skip(['target', 'connection', 'people', 'scope', 'policy.rules'], 'request.parameters')
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

interface Question {
  readonly facts: ExchangeFacts
  readonly snapshot: ExchangeSnapshot
  readonly asked: Asked
  readonly signIn: SignInFact | undefined
  /** Who proved to act, by a token of its own */
  readonly actor: AppDefinition | undefined
  readonly act: Readonly<Record<string, unknown>> | undefined
  readonly target: Target
}

/** Connection, people, scopes, policies: whether this app may do this for this person there. */
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
  const connection = checkConnection(list, connectionQuestion, snapshot)
  checkActorAllowed(list, question.actor, connection)
  const resource =
    connection === undefined ? undefined : checkConnectionResources(list, connection, connectionQuestion)
  if (signIn === undefined) list.skip(['people'], 'subject_token')
  else checkPeople(list, facts.user, { app: findRequestingApp(facts, snapshot), resourceApp, connection })
  checkBlocks(list, { now, userId: signIn?.userId, appId, connectionId: connection?.id }, snapshot)
  if (connection === undefined || resource === undefined) {
    list.skip(
      ['scope', 'policy.rules', 'stepup'],
      connection === undefined ? 'connection.exists' : 'connection.resource',
    )
    return { connection }
  }
  return { connection, ...checkTerms(list, question, { connection, resource }) }
}

/** Scopes, rules, proof of key and step-up: on what terms. */
function checkTerms(
  list: Checklist,
  { facts, snapshot, asked, signIn, act, target }: Question,
  { connection, resource }: { connection: Connection; resource: readonly string[] },
): Partial<Findings> {
  const { resourceApp } = target
  if (resourceApp === undefined) return {}
  const before = narrowScope(asked, resource, { resourceApp, connection })
  const outcome =
    facts.user === undefined
      ? undefined
      : runRules(facts, snapshot, { resourceApp: resourceApp.id, resource, scope: before.scope, signIn })
  const scopes = outcome?.limits.scopes
  const { scope, narrowed } = checkScope(list, asked, before, {
    from: `policy ${outcome?.limits.from.join(', ') ?? ''}`,
    scopes: scopes === undefined ? undefined : new Set(scopes),
  })
  checkDetails(list, asked, { types: snapshot.detailsTypes.get(resourceApp.id), connection, resource })
  if (outcome === undefined || signIn === undefined) {
    list.skip(['policy.rules', 'stepup'], 'people.active')
    return { narrowed }
  }
  checkRules(list, outcome)
  checkVolume(list, outcome, facts.volumeLastHour)
  const needs = combineRequirements(connection, outcome)
  checkDpopRequired(list, needs, facts.dpop)
  const stepUp = checkStepUp(list, needs, { signIn, now: facts.nowMs / 1000, acrValues: snapshot.acrValues })
  return {
    outcome,
    narrowed,
    stepUp,
    granted: describeGrant(facts, snapshot, {
      connection,
      resourceApp,
      resource,
      scope,
      asked,
      act,
      outcome,
    }),
  }
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
    ...(signIn?.authTime === undefined ? {} : { authTime: signIn.authTime }),
    ...(signIn?.acr === undefined ? {} : { acr: signIn.acr }),
    ip: facts.ip,
    volumeLastHour: facts.volumeLastHour,
  })
}

interface Terms {
  readonly connection: Connection
  readonly resourceApp: NonNullable<Target['resourceApp']>
  readonly resource: readonly string[]
  readonly scope: readonly string[]
  readonly asked: Asked
  readonly act: Readonly<Record<string, unknown>> | undefined
  readonly outcome: RuleOutcome
}

function describeGrant(facts: ExchangeFacts, snapshot: ExchangeSnapshot, terms: Terms): Granted {
  const { connection, resourceApp, outcome } = terms
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
    lifetime_seconds: Math.min(
      snapshot.idJagTtlSeconds,
      outcome.limits.idJagTtlSeconds ?? snapshot.idJagTtlSeconds,
    ),
    subject: { strategy: resourceApp.subject, value: value === undefined ? undefined : String(value) },
    ...(facts.dpop.state === 'proved' ? { cnf: { jkt: facts.dpop.jkt } } : {}),
    ...(terms.act === undefined ? {} : { act: { ...terms.act } }),
  }
}

function renderRequest(
  facts: ExchangeFacts,
  { asked, signIn, act }: Findings,
  snapshot: ExchangeSnapshot,
): DecisionRecord['request'] {
  const { client, request, user } = facts
  const kind = findRequestingApp(facts, snapshot)?.kind
  const subject =
    signIn ??
    (facts.subject.kind === 'id_token' && isVerified(facts.subject.token)
      ? { userId: String(facts.subject.token.claims.sub) }
      : undefined)
  return {
    requesting_app:
      client.clientId === undefined
        ? null
        : {
            id: client.clientId,
            client_id: client.clientId,
            kind,
            ...(client.state === 'authenticated' ? { auth: client.method, kid: client.kid } : {}),
          },
    subject: subject === undefined ? null : renderSubject(subject, facts, user?.username),
    ...(act === undefined ? {} : { actor: readActor(act) }),
    audience: request.audience[0],
    resource: [...request.resource],
    scope: [...(asked?.scope ?? [])],
    context: facts.ip === undefined ? {} : { ip: facts.ip },
  }
}

function renderSubject(
  subject: SignInFact,
  facts: ExchangeFacts,
  display: string | undefined,
): DecisionRecord['request']['subject'] {
  return {
    ref: subject.userId,
    token_type: facts.subject.kind,
    display,
    auth_time: subject.authTime === undefined ? undefined : renderMoment(subject.authTime * 1000),
    acr: subject.acr,
  }
}

function renderNames(facts: ExchangeFacts, { target, signIn }: Findings, snapshot: ExchangeSnapshot) {
  const clientId = facts.client.clientId
  return {
    app: findRequestingApp(facts, snapshot)?.name ?? clientId ?? 'An unknown app',
    target: target.resourceApp?.name ?? facts.request.audience[0] ?? 'the resource',
    user: facts.user?.name ?? facts.user?.username ?? signIn?.userId ?? 'the user',
  }
}
