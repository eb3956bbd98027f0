// The path of every token request: observe, evaluate, commit, respond. If the commit reports a used grant, newer
// definitions or a taken account, this file, and no other, evaluates again with that fact.
import type { DecisionRecord } from '@crosswalk/protocol'
import { type Attributes, withSpan } from '@crosswalk/tracing'

import type { DecisionRecorder } from '../decision-recorder.ts'
import type { ClientObserver } from '../client-authentication/observe-client.ts'
import type { DpopObserver } from '../dpop/observe-dpop.ts'
import type { Clock, ReplayKey, UntilDefined } from '../ports.ts'
import { answerRefusal, frameOf, type TokenRequest } from '../token-endpoint.ts'
import { commitDraft } from './commit-draft.ts'
import type { CallerFacts, Grant } from './grant.ts'
import type { JsonAnswer } from '../http/json-answer.ts'
import { nameGrant } from './name-grant.ts'

export interface GrantPorts {
  readonly clock: Clock
  readonly clients: ClientObserver
  readonly dpop: DpopObserver
  readonly recorder: DecisionRecorder
  /** Set if other processes may change definitions; undefined: revisions are not compared */
  readonly untilDefined?: UntilDefined | undefined
}

type Answer = JsonAnswer | Response

/** Nothing was granted, because something that the request observed has changed. */
type Outdated =
  /** Revision of newer definitions */
  | { readonly changedAt: number }
  /** Another request created the account first; it is found when the request is observed again. */
  | { readonly accountTaken: true }

/** After this many attempts, changed definitions are no longer compared, so that the request gets a response. */
const MAX_COMPARED = 5

/**
 * @returns the response; every decision is first recorded in the ledger or, for an unknown caller, in the ring of
 *   recent refusals
 */
export async function runGrant<Facts extends CallerFacts, Snapshot extends { readonly revision: number }>(
  grant: Grant<Facts, Snapshot>,
  request: TokenRequest,
  ports: GrantPorts,
): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await decideOnce(grant, request, { ...ports, compares: attempt <= MAX_COMPARED })
    if (!isOutdated(answer)) return answer
    if (attempt > MAX_COMPARED) throw new TypeError('the ledger reports changes that nothing can observe')
    if ('changedAt' in answer) await ports.untilDefined?.(answer.changedAt)
  }
}

function isOutdated(answer: Answer | Outdated): answer is Outdated {
  return 'changedAt' in answer || 'accountTaken' in answer
}

async function decideOnce<Facts extends CallerFacts, Snapshot extends { readonly revision: number }>(
  grant: Grant<Facts, Snapshot>,
  request: TokenRequest,
  ports: GrantPorts & { readonly compares: boolean },
): Promise<Answer | Outdated> {
  const { revision } = grant.snapshot()
  const { observed, callerKeys, dpopNonce } = await withSpan('observe', async () => {
    const { caller, callerKeys, dpopNonce } = await observeCaller(request, ports)
    return { observed: await grant.observe(request, caller), callerKeys, dpopNonce }
  })
  // From here to the commit, nothing yields, so changes made during the observation count.
  const snapshot = grant.snapshot()
  if (grant.observesDefinitions === true && ports.compares && snapshot.revision !== revision)
    return { changedAt: snapshot.revision }
  const facts = grant.observeNow?.(observed, snapshot) ?? observed
  const evaluate = (known: Facts) =>
    withSpan('evaluate', (span) => {
      const elapsedMs = ports.clock.nowMs() - request.receivedAtMs
      const record = grant.evaluate({ ...known, elapsedMs }, snapshot)
      if (span.isRecording()) span.setAttributes(listAttributes(record))
      return record
    })
  const refuse = (record: DecisionRecord, known: Facts) =>
    recordRefusal(grant, record, { facts: known, request, recorder: ports.recorder, dpopNonce })

  const record = evaluate(facts)
  if (record.outcome !== 'allow') return refuse(record, facts)
  const draft = grant.draft(record, facts, snapshot)
  const definedAt = ports.compares && ports.untilDefined !== undefined ? snapshot.revision : undefined
  const changedAt = () => {
    const { revision } = grant.snapshot()
    const isSame = revision === snapshot.revision && grant.stillHolds?.(facts, snapshot) !== false
    return ports.compares && !isSame ? revision : undefined
  }
  const outcome = await commitDraft({ record, draft, callerKeys, definedAt, changedAt }, ports.recorder)
  if (outcome.committed) return renderGranted(await withSpan('sign', () => draft.issue()), dpopNonce)
  if (outcome.used === undefined) return outcome
  const known = withUsed(grant, facts, { used: outcome.used, clients: ports.clients })
  return refuse(evaluate(known), known)
}

async function observeCaller(request: TokenRequest, { clients, dpop }: GrantPorts) {
  const { fact: client, replayKeys, retryAfterSeconds } = await clients.observe(request)
  const proof = dpop.observe(request)
  const caller: CallerFacts = {
    ...frameOf(request),
    client,
    dpop: proof.fact,
    ip: request.ip,
    retryAfterSeconds,
  }
  const callerKeys = proof.replayKey === undefined ? replayKeys : [...replayKeys, proof.replayKey]
  return { caller, callerKeys, dpopNonce: proof.nonce }
}

function withUsed<Facts extends CallerFacts, Snapshot extends { readonly revision: number }>(
  grant: Grant<Facts, Snapshot>,
  facts: Facts,
  { used, clients }: { readonly used: ReplayKey; readonly clients: ClientObserver },
): Facts {
  switch (used.kind) {
    case 'dpop':
      return { ...facts, dpop: { state: 'refused', nonceNeeded: false, detail: 'proof already used' } }
    case 'client-assertion':
      return { ...facts, client: clients.usedAssertion }
    default:
      return grant.withUsed(facts, used)
  }
}

interface RefusalParts<Facts> {
  readonly facts: Facts
  readonly request: TokenRequest
  readonly recorder: DecisionRecorder
  readonly dpopNonce: string | undefined
}

async function recordRefusal<Facts extends CallerFacts, Snapshot extends { readonly revision: number }>(
  grant: Grant<Facts, Snapshot>,
  record: DecisionRecord,
  { facts, request, recorder, dpopNonce }: RefusalParts<Facts>,
): Promise<Answer> {
  if (record.outcome === 'allow') throw new TypeError('a request whose replay key was used must be refused')
  const { type, grantId, response, authenticated } = grant.describeRefusal(record, facts)
  const about = { type, grantId, authenticated: authenticated ?? facts.client.state === 'authenticated' }
  await withSpan('commit', () => recorder.refuse(record, about))
  await grant.afterRefusal?.(record, facts)
  return response ?? answerRefusal(record, request, dpopNonce)
}

function renderGranted(body: JsonAnswer['body'] | Response, dpopNonce: string | undefined): Answer {
  if (body instanceof Response) return body
  return { http: 200, body, headers: dpopNonce === undefined ? undefined : { 'dpop-nonce': dpopNonce } }
}

/** For the span: what was decided, without identifying anyone. */
function listAttributes(record: DecisionRecord): Attributes {
  return {
    'crosswalk.decision.id': record.decision_id,
    'crosswalk.decision.outcome': record.outcome,
    'crosswalk.decision.code': record.code,
    'crosswalk.grant': nameGrant(record),
  }
}
