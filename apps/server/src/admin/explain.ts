// Why an answer was what it was: records by whatever id somebody holds, or the answer of any product read as one of
// our codes. A refused exchange is also judged again, as things are now.
import { digest } from '@crosswalk/authorization-server'
import { type ForeignError, normalizeError, type NormalizedError } from '@crosswalk/client'
import { recoverRequest } from '@crosswalk/policy'
import { DECISION_CODES, type DecisionRecord } from '@crosswalk/protocol'

import { definitionsOf } from '../directory/compile-world.ts'
import type { AdminContext, Handlers } from './context.ts'
import { countVolume } from './count-volume.ts'
import { showDecision } from './decision-tiers.ts'
import { findDecisions } from './decisions.ts'
import type { AdminParts } from './parts.ts'
import { buildProblem } from './problem.ts'
import { describeApp, simulateAssumed } from './simulate.ts'

type Input = Parameters<Handlers['explain']>[0]['body']
type Raw = NonNullable<Input['raw']>

export function createExplainHandler(parts: AdminParts): Handlers['explain'] {
  return async ({ body }, context) => {
    const schema = 'crosswalk.explanation/v1' as const
    if (body.raw !== undefined)
      return { status: 200, body: { schema, decisions: [], cause: explainAnswer(body.raw) } }
    const decisions = await findAll(parts, body, context)
    if (decisions.length === 0)
      return buildProblem('not-found', { detail: 'No decision is recorded under this id.' })
    const now = await judgeNow(parts, decisions)
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

async function findAll(
  parts: AdminParts,
  { decisionId, jti, traceId }: Input,
  context: AdminContext,
): Promise<readonly DecisionRecord[]> {
  if (decisionId !== undefined) return findDecisions(parts, { decisionId }, context)
  if (traceId !== undefined) return findDecisions(parts, { traceId }, context)
  if (jti === undefined) return []
  const grantId = (await findGrantOfAccessToken(parts, jti)) ?? digest(jti)
  return findDecisions(parts, { grantId }, context)
}

/** An access token leads to the ID-JAG it was born of, and so to both decisions. */
async function findGrantOfAccessToken(
  { directory, storage }: AdminParts,
  jti: string,
): Promise<string | undefined> {
  const servers = definitionsOf(directory.current().world['authorization-servers'])
  const found = await Promise.all(servers.map(({ id }) => storage.accessTokens.find(id, jti)))
  return found.find((token) => token !== undefined)?.grantId
}

/** The request of the last record again: what has changed since shows, and what would still have to. */
export async function judgeNow(
  parts: AdminParts,
  decisions: readonly DecisionRecord[],
): Promise<DecisionRecord | undefined> {
  const { directory, clock } = parts
  const { exchange: snapshot, people } = directory.current()
  const record = decisions.at(-1)
  if (snapshot === undefined || record?.stage !== 'idp.token_exchange' || record.outcome === 'allow')
    return undefined
  const appId = record.request.requesting_app?.id
  const recovered = recoverRequest(record, appId === undefined ? undefined : describeApp(parts, appId))
  if (recovered === 'incomplete') return undefined
  const { app, userId } = recovered.assumed
  const nowMs = clock.nowMs()
  const volumeLastHour = await countVolume(parts, snapshot, { app, user: userId, nowMs })
  const asked = { ...recovered.assumed, nowMs, user: people.get(userId), volumeLastHour }
  return simulateAssumed(asked, snapshot)
}

const CONFIDENCE = ['certain', 'probable', 'possible'] as const
const LEGS = ['exchange', 'redemption', 'resource'] as const

function explainAnswer({ http, body, vendorHint, leg, sentBefore }: Raw) {
  const issuer = vendorHint !== undefined && /^https?:/.test(vendorHint) ? vendorHint : undefined
  const error: Omit<ForeignError, 'leg'> = {
    status: http,
    body: typeof body === 'string' ? parseJson(body) : body,
    ...(issuer === undefined ? {} : { issuer }),
    ...(sentBefore === undefined ? {} : { sentBefore }),
  }
  const [best] = (leg === undefined ? LEGS : [leg])
    .map((one) =>
      doubt(normalizeError({ ...error, leg: one }), issuer === undefined ? vendorHint : undefined),
    )
    .sort((a, b) => CONFIDENCE.indexOf(a.confidence) - CONFIDENCE.indexOf(b.confidence))
  if (best === undefined) throw new Error('no leg was tried')
  const { meaning, owner, remedy } = DECISION_CODES[best.code]
  return { ...best, meaning, owner, remedy }
}

/** What one product is known to answer says less about another. */
function doubt(cause: NormalizedError, product: string | undefined): NormalizedError {
  const { vendor } = cause
  if (product === undefined || vendor === undefined) return cause
  return vendor.toLowerCase().includes(product.toLowerCase()) ? cause : { ...cause, confidence: 'possible' }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}
