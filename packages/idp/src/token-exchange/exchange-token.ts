// The use case of this IdP: a subject token becomes an ID-JAG (or an assertion a refresh token)
// under administrator policy, or a recorded refusal.
// Order: client, subject token, decision (pure), then ledger (audit and single uses: one transaction), then sign.
import {
  addTiming,
  answerByNewest,
  answerRefusal,
  findRepeated,
  type LedgerOutcome,
  type Outdated,
  type TokenAnswer,
  type TokenRequest,
  type ReplayKey,
} from '@crosswalk/as-core'
import {
  evaluateExchange,
  type ExchangeFacts,
  type ExchangeSnapshot,
  type SubjectFact,
} from '@crosswalk/policy'
import { type DecisionRecord, type DpopFact, isVerified } from '@crosswalk/protocol'

import { nameAccessPage } from '../own-access/access-page.ts'
import type { ExchangeDependencies } from './dependencies.ts'
import { draftAnswer, findSignIn } from './draft-answer.ts'
import { samlReplayKey } from './observe-saml.ts'
import { actorReplayKeys, observeActor } from './observe-actor.ts'
import { observeSubject } from './observe-subject.ts'

/** Parameters that may be sent more than once (RFC 8693 section 2.1, RFC 8707 section 2). */
const MAY_REPEAT = ['audience', 'resource'] as const

export function exchangeToken(request: TokenRequest, deps: ExchangeDependencies): Promise<TokenAnswer> {
  return answerByNewest(deps.untilDefined, (compares) => exchangeOnce(request, deps, compares))
}

async function exchangeOnce(
  request: TokenRequest,
  deps: ExchangeDependencies,
  compares: boolean,
): Promise<TokenAnswer | Outdated> {
  // What is at hand is not waited for (see `Eventually`).
  const observed = deps.clients.observe(request)
  const caller = observed instanceof Promise ? await observed : observed
  const { fact: client, replayKeys: clientReplayKeys, retryAfterSeconds } = caller
  const dpop = deps.dpop.observe(request)
  const subject = await observeSubject({ request, client, dpop: dpop.fact }, deps)
  const actor = await observeActor({ request, client }, deps.snapshot(), deps.issuerKeys)
  const userId = findUserId(subject)
  const { countsGrants } = deps.snapshot().rules
  if (countsGrants) await deps.volume.catchUp(request.receivedAtMs)
  const facts: ExchangeFacts = {
    decisionId: request.decisionId,
    traceId: request.traceId,
    nowMs: request.receivedAtMs,
    mode: 'enforced',
    client,
    describedApp:
      client.state === 'authenticated' ? deps.describedApps?.findForExchange(client.clientId) : undefined,
    dpop: dpop.fact,
    request: readRequest(request),
    actor,
    subject,
    user: userId === undefined ? undefined : await deps.users.findById(userId),
    ip: request.ip,
    retryAfterSeconds,
    // After everything that is waited for: what was granted meanwhile counts.
    ...(countsGrants ? countVolume({ client, userId }, request, deps) : {}),
  }
  // Taken last, and the ledger is asked in the same turn: what was changed while we observed counts.
  const snapshot = deps.snapshot()
  const record = evaluateExchange(facts, snapshot)
  if (record.outcome !== 'allow') return await refuse(record, request, { deps, facts, nonce: dpop.nonce })
  const replayKeys = [
    ...clientReplayKeys,
    ...actorReplayKeys(actor, snapshot),
    ...(dpop.replayKey === undefined ? [] : [dpop.replayKey]),
    ...subjectReplayKeys(subject, snapshot.clockSkewSeconds),
  ]
  const definedAt = compares ? snapshot.revision : undefined
  return await grant(record, request, { deps, facts, snapshot, replayKeys, definedAt, nonce: dpop.nonce })
}

function countVolume(
  { client, userId }: { readonly client: ExchangeFacts['client']; readonly userId: string | undefined },
  { receivedAtMs }: TokenRequest,
  { volume }: ExchangeDependencies,
): Pick<ExchangeFacts, 'volumeLastHour' | 'volumeWaitSeconds'> {
  if (client.state !== 'authenticated' || userId === undefined) return {}
  const { clientId } = client
  return {
    volumeLastHour: volume.count(clientId, userId, receivedAtMs),
    volumeWaitSeconds: (limit) => volume.waitSeconds(clientId, userId, { nowMs: receivedAtMs, limit }),
  }
}

function readRequest({ form }: TokenRequest): ExchangeFacts['request'] {
  return {
    audience: form.all('audience'),
    resource: form.all('resource'),
    hasSubjectToken: form.get('subject_token') !== undefined,
    hasActorToken: form.get('actor_token') !== undefined || form.get('actor_token_type') !== undefined,
    problems: findRepeated(form, MAY_REPEAT),
    scope: form.get('scope'),
    authorizationDetails: form.get('authorization_details'),
    requestedTokenType: form.get('requested_token_type'),
    subjectTokenType: form.get('subject_token_type'),
  }
}

/** Whom a token speaks of; believed only if the token was verified. */
function findUserId(subject: SubjectFact): string | undefined {
  if (subject.kind === 'id_token')
    return (
      subject.session?.userId ?? (isVerified(subject.token) ? String(subject.token.claims.sub) : undefined)
    )
  return findSignIn(subject)?.userId
}

interface Refusing {
  readonly deps: ExchangeDependencies
  readonly facts: ExchangeFacts
  readonly nonce: string | undefined
}

async function refuse(
  decided: DecisionRecord,
  request: TokenRequest,
  { deps, facts, nonce }: Refusing,
): Promise<TokenAnswer> {
  const record = nameAccessPage(decided, deps.accessPagesUrl())
  await deps.recorder.refuse(addTiming(record, request, deps.clock), {
    type: record.outcome === 'step_up' ? 'idjag.stepup' : 'idjag.denied',
    authenticated: facts.client.state === 'authenticated',
  })
  return answerRefusal(record, request, nonce)
}

interface Granting extends Refusing {
  readonly snapshot: ExchangeSnapshot
  readonly replayKeys: readonly ReplayKey[]
  readonly definedAt: number | undefined
}

async function grant(
  record: DecisionRecord,
  request: TokenRequest,
  parts: Granting,
): Promise<TokenAnswer | Outdated> {
  const { deps, snapshot, definedAt } = parts
  const draft = draftAnswer(record, parts)
  const commit = () =>
    deps.recorder.grant(addTiming(record, request, deps.clock), {
      type: draft.type,
      issued: { jti: draft.jti, lifetimeSeconds: draft.lifetimeSeconds },
      grantId: draft.grantId,
      replayKeys: parts.replayKeys,
      definedAt,
    })
  const counted = parts.facts.volumeLastHour !== undefined && draft.type === 'idjag.issued'
  const outcome = await (counted ? commitCounted(parts, request, commit) : commit())
  if (!outcome.committed && outcome.used === undefined) return outcome
  if (!outcome.committed) {
    const facts: ExchangeFacts = {
      ...parts.facts,
      ...judgeUsed(outcome.used, parts.facts),
    }
    return refuse(evaluateExchange(facts, snapshot), request, { ...parts, facts })
  }
  return {
    http: 200,
    body: await draft.render(),
    headers: parts.nonce === undefined ? undefined : { 'dpop-nonce': parts.nonce },
  }
}

/** Counts from the turn of the decision on, so that of many at once no more are granted than fit. */
async function commitCounted(
  { deps, facts }: Granting,
  { receivedAtMs }: TokenRequest,
  commit: () => Promise<LedgerOutcome>,
): Promise<LedgerOutcome> {
  const reservation = deps.volume.reserve(
    facts.client.clientId ?? '',
    findUserId(facts.subject) ?? '',
    receivedAtMs,
  )
  let seq: number | undefined
  try {
    const outcome = await commit()
    if (outcome.committed) seq = outcome.seq
    return outcome
  } finally {
    if (seq === undefined) reservation.release()
    else reservation.settle(seq)
  }
}

/** Of subject tokens only assertions are for one use (SAML-04). */
function subjectReplayKeys(subject: SubjectFact, clockSkewSeconds: number): readonly ReplayKey[] {
  return subject.kind === 'saml' && subject.token.state === 'verified'
    ? [samlReplayKey(subject.token.assertion, clockSkewSeconds)]
    : []
}

/** The ledger found a replay key used: the same facts, judged once more with what it said. */
function judgeUsed({ kind }: ReplayKey, { subject, actor }: ExchangeFacts): Partial<ExchangeFacts> {
  if (kind === 'saml' && subject.kind === 'saml') return { subject: { ...subject, replayed: true } }
  if (kind === 'actor-token') return actor === undefined ? {} : { actor: { ...actor, replayed: true } }
  const dpop: DpopFact = { state: 'refused', nonceNeeded: false, detail: 'proof already used' }
  return kind === 'dpop'
    ? { dpop }
    : { client: { state: 'refused', code: 'XAA1102', detail: 'client assertion already used' } }
}
