// Explains a response: finds records by any id, or maps the response of any product to one of our codes. A denied
// exchange is also evaluated again with the current definitions.
import { grantIdOf } from '@crosswalk/as-core'
import { recoverRequest } from '@crosswalk/policy'
import { dropUndefined, type DecisionRecord } from '@crosswalk/protocol'

import { definitionsOf } from '../definitions/records.ts'
import type { EvaluatePart } from '../evaluator/evaluator.ts'
import type { AdminContext, Handlers } from '../http/context.ts'
import { countVolume } from './count-volume.ts'
import { showDecision } from '../audit/decision-tiers.ts'
import { findDecisions } from '../audit/decisions.ts'
import { explainAnswer, type ForeignAnswer } from './explain-answer.ts'
import { EXPLANATION_SCHEMA as schema, explainRequest } from './explain-request.ts'
import type { Parts } from '../parts.ts'
import { notFound } from '../http/problem.ts'
import { needsEvaluator } from './select-world.ts'
import { describeApp, simulateAssumed } from './simulated-exchange.ts'

type Input = Parameters<Handlers['explain']>[0]['body']
type Raw = NonNullable<Input['raw']>

export function createExplainHandler(
  parts: Parts<
    'configuration' | 'directory' | 'storage' | 'clock' | 'sealing' | 'hasher' | 'recentRefusals'
  > &
    EvaluatePart,
): Handlers['explain'] {
  return async (request, context) => {
    const { body } = request
    if (body.raw !== undefined)
      return { status: 200, body: { schema, decisions: [], cause: explainAnswer(readRaw(body.raw)) } }
    if (body.request !== undefined)
      return needsEvaluator(body.request)
        ? parts.evaluate('explain', request, context)
        : explainRequest(parts, body.request, context)
    const decisions = await findAll(parts, body, context)
    if (decisions.length === 0) return notFound('No decision is recorded under this id.')
    const now = await evaluateAgain(parts, decisions)
    return {
      status: 200,
      body: {
        schema,
        decisions: [...decisions],
        ...(now === undefined ? {} : { now: showDecision(now, context.caller) }),
      },
    }
  }
}

/** Accepts member names as in records. */
function readRaw({ vendor_hint: hint, sent_before: sent, ...raw }: Raw): ForeignAnswer {
  return {
    ...raw,
    ...dropUndefined({ vendorHint: hint, sentBefore: sent }),
  }
}

async function findAll(
  parts: Parts<'directory' | 'storage' | 'recentRefusals'>,
  { decision_id: id, trace_id: trace, decisionId = id, jti, traceId = trace }: Input,
  context: AdminContext,
): Promise<readonly DecisionRecord[]> {
  if (decisionId !== undefined) return findDecisions(parts, { decisionId }, context)
  if (traceId !== undefined) return findDecisions(parts, { traceId }, context)
  if (jti === undefined) return []
  const grantId = (await findGrantOfAccessToken(parts, jti)) ?? grantIdOf(jti)
  return findDecisions(parts, { grantId }, context)
}

/** Finds the ID-JAG that an access token was issued from, and so both decisions. */
async function findGrantOfAccessToken(
  { directory, storage }: Parts<'directory' | 'storage'>,
  jti: string,
): Promise<string | undefined> {
  const servers = definitionsOf(directory.current().world['authorization-servers'])
  const found = await Promise.all(servers.map(({ id }) => storage.accessTokens.find(id, jti)))
  return found.find((token) => token !== undefined)?.grantId
}

/**
 * Evaluates the request of the last record again, to show what has changed since and what would still have to change.
 */
export async function evaluateAgain(
  parts: Parts<'configuration' | 'directory' | 'storage' | 'clock'>,
  decisions: readonly DecisionRecord[],
): Promise<DecisionRecord | undefined> {
  const { directory, clock } = parts
  const { exchange: snapshot, users } = directory.current()
  const record = decisions.at(-1)
  if (snapshot === undefined || record?.stage !== 'idp.token_exchange' || record.outcome === 'allow')
    return undefined
  const appId = record.request.requesting_app?.id
  const recovered = recoverRequest(record, appId === undefined ? undefined : describeApp(parts, appId))
  if (recovered === 'incomplete') return undefined
  const { app, userId } = recovered.assumed
  const nowMs = clock.nowMs()
  const volumeLastHour = await countVolume(parts, snapshot, { app, user: userId, nowMs })
  const user = await users.findOneForExchange(userId, snapshot.comparedSources)
  const asked = { ...recovered.assumed, nowMs, user, volumeLastHour }
  return simulateAssumed(asked, snapshot)
}
