// The handlers of recommendations: lists the findings that the caller may see, and mutes them.
import type { Recommendation, recommendationRoutes } from '@crosswalk/admin-api'

import { type AdminContext, type Handlers, principalOf } from '../http/context.ts'
import { listPage } from '../http/list-page.ts'
import type { Parts } from '../parts.ts'
import type { AuditStreamsPart } from '../audit/delivery/audit-streams.ts'
import { isProblem, notFound, type Problem } from '../http/problem.ts'
import { checkFuture, invalidRequest } from '../http/read-request.ts'
import {
  concerns,
  createRecommendationFinder,
  type FoundRecommendation,
  type RecommendationFinder,
  isShown,
} from './find-recommendations.ts'
import { countFeedback, endMute, isInForce, storeMute, type StoredMute, listMutes } from './mutes.ts'
import { toMoment } from '../http/to-moment.ts'

type Query = Parameters<Handlers['recommendations.list']>[0]['query']
type Muting = Parameters<Handlers['recommendations.mute']>[0]['body']
type Mutes = ReadonlyMap<string, StoredMute>

export function createRecommendationHandlers(
  parts: Parts<'directory' | 'storage' | 'clock' | 'proxyTrouble' | 'recentRefusals' | 'signingKeys'> &
    AuditStreamsPart,
): Pick<Handlers, keyof typeof recommendationRoutes> {
  const finder = createRecommendationFinder(parts)
  return {
    'recommendations.list': ({ query }, context) => list(parts, finder, context, query),
    'recommendations.mute': ({ params: { id }, body }, context) =>
      mute(parts, finder, context, { id, muting: body }),
    'recommendations.unmute': ({ params: { id } }, context) => unmute(parts, finder, context, id),
  }
}

async function list(
  parts: Parts<'directory' | 'storage' | 'clock'>,
  finder: RecommendationFinder,
  context: AdminContext,
  query: Query,
): ReturnType<Handlers['recommendations.list']> {
  const nowMs = parts.clock.nowMs()
  const mutes = await listMutes(parts)
  const found = (await finder.find()).filter((recommendation) => isShown(recommendation, context.caller))
  const isMuted = (recommendation: FoundRecommendation) =>
    mutes.size > 0 && isInForce(mutes.get(recommendation.id), nowMs)
  const byPlace = new Map(found.map((recommendation) => [recommendation.place, recommendation]))
  const render = renderWith(mutes, nowMs)
  const reply = await listPage([...byPlace.keys()], query, async (place) => {
    const recommendation = byPlace.get(place)
    if (recommendation === undefined || !matches(recommendation, query)) return undefined
    if (query.state !== 'all' && isMuted(recommendation) !== (query.state === 'muted')) return undefined
    return query.mine === true && !concerns(parts, recommendation, context.caller)
      ? undefined
      : render(recommendation)
  })
  if (isProblem(reply)) return reply
  const open = { critical: 0, warning: 0, info: 0 }
  for (const recommendation of found) if (!isMuted(recommendation)) open[recommendation.finding.severity] += 1
  return { status: 200, body: { ...reply.body, open } }
}

function matches({ rule, finding }: FoundRecommendation, query: Query): boolean {
  return (
    (query.severity === undefined || finding.severity === query.severity) &&
    (query.rule === undefined || rule.id === query.rule)
  )
}

function renderWith(mutes: Mutes, nowMs: number): (recommendation: FoundRecommendation) => Recommendation {
  const feedbackOf = countFeedback(mutes)
  return ({ id, rule, finding: { app, since, ...finding } }) => {
    const mute = mutes.get(id)
    return {
      id,
      rule: rule.id,
      formula: rule.formula,
      ...finding,
      app: app ?? null,
      baseline: rule.baseline,
      since: toMoment(since),
      muted: isInForce(mute, nowMs) ? showMute(mute) : null,
      feedback: feedbackOf(rule.id),
    }
  }
}

function showMute({ by, at, until, reason, falseAlarm }: StoredMute): NonNullable<Recommendation['muted']> {
  return { by, at, until, reason, falseAlarm }
}

async function mute(
  parts: Parts<'storage' | 'clock'>,
  finder: RecommendationFinder,
  context: AdminContext,
  { id, muting: { until, falseAlarm, reason } }: { readonly id: string; readonly muting: Muting },
): Promise<{ readonly status: 200; readonly body: Recommendation } | Problem> {
  const found = await findShown(finder, context, id)
  if (isProblem(found)) return found
  const nowMs = parts.clock.nowMs()
  const past = checkFuture('/until', until, nowMs)
  if (past.length > 0) return invalidRequest(past)
  const { rule, finding } = found
  const { subject, app = null } = finding
  const at = new Date(nowMs).toISOString()
  const by = { by: principalOf(context.caller), at, until, reason, falseAlarm }
  await storeMute(parts, context, { id, mute: { ...by, rule: rule.id, subject, app, ended: false } })
  return { status: 200, body: renderWith(await listMutes(parts), nowMs)(found) }
}

async function unmute(
  parts: Parts<'storage' | 'clock'>,
  finder: RecommendationFinder,
  context: AdminContext,
  id: string,
): Promise<{ readonly status: 200; readonly body: Recommendation } | Problem> {
  const found = await findShown(finder, context, id)
  if (isProblem(found)) return found
  if (!(await endMute(parts, context, id))) return notFound(`${id} is not muted.`)
  return { status: 200, body: renderWith(await listMutes(parts), parts.clock.nowMs())(found) }
}

async function findShown(
  finder: RecommendationFinder,
  { caller }: AdminContext,
  id: string,
): Promise<FoundRecommendation | Problem> {
  const found = (await finder.find()).find(
    (recommendation) => recommendation.id === id && isShown(recommendation, caller),
  )
  return found ?? notFound(`There is no recommendation ${id} now.`)
}
