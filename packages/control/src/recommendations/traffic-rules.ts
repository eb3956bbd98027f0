// Rules over the requests of apps: bursts of denials, volumes far above normal, first uses of scopes, and unknown
// clients.
import { findMedian, HOUR_MS } from '@crosswalk/protocol'

import { nameApp, nameConnectionById } from '../definitions/name-objects.ts'
import {
  aboutApp,
  type RecommendationFinding,
  type RecommendationFacts,
  RESPONDERS,
  type Rule,
  sampleDecisions,
} from './recommendation.ts'
import { pathOf } from './definition-rules.ts'
import { NORM_DAYS } from './habits.ts'
import { LOOK_BACK_DAYS } from './scope-first-uses.ts'
import { toMoment } from '../http/to-moment.ts'

const BURST = 20
const GRAVE_BURST = 10 * BURST

export const refusalBurst: Rule = {
  id: 'refusal-burst',
  formula: `At least ${BURST} denied exchanges of one app in the last hour; ${GRAVE_BURST} are critical.`,
  baseline: { refusals: BURST, hours: 1 },
  concerns: RESPONDERS,
  find: ({ compiled, refusals }) =>
    refusals
      .filter(({ count }) => count >= BURST)
      .map(({ app, count, people, firstAt, lastAt }) => ({
        ...aboutApp(app, count >= GRAVE_BURST ? 'critical' : 'warning'),
        sentence: `${nameApp(compiled, app)} was denied ${count} times in the last hour, for ${people} ${people === 1 ? 'user' : 'users'}.`,
        values: { refusals: count, people, lastAt: toMoment(lastAt) },
        action: {
          text: 'Check what it requested, and block it if it is probing.',
          path: `/decisions?app=${encodeURIComponent(app)}&outcome=deny`,
        },
        since: firstAt,
      })),
}

/** An app has a norm once it was used on this many of these days. */
const MIN_DAYS = 7
/** Robust standard deviations above the median. */
const DEVIATIONS = 6
/** 1.4826 × MAD estimates the standard deviation. */
const SCALE = 1.4826

interface SpikeRule extends Pick<Rule, 'id'> {
  /** The number to compare */
  readonly member: 'count' | 'people'
  readonly least: number
  readonly what: string
  did(count: number): string
}

function createSpikeRule({ id, member, least, what, did }: SpikeRule): Rule {
  return {
    id,
    formula: `In the last 24 hours, at least ${least} ${what}, and more than median + ${DEVIATIONS} × max(${SCALE} × MAD, √median, 1) of the ${NORM_DAYS} days before, on at least ${MIN_DAYS} of which the app was used.`,
    baseline: { normDays: NORM_DAYS, deviations: DEVIATIONS, least },
    concerns: RESPONDERS,
    find: ({ compiled, volumes }) =>
      volumes.flatMap(({ app, last, before }): readonly RecommendationFinding[] => {
        const counts = before.map((day) => day[member])
        const spike = findSpike(last[member], counts, least)
        if (spike === undefined) return []
        const { now, norm, limit } = spike
        return [
          {
            ...aboutApp(app, 'warning'),
            sentence: `${nameApp(compiled, app)} ${did(now)} in the last 24 hours; the median of ${NORM_DAYS} days is ${norm}, the limit ${limit}.`,
            values: { last24Hours: now, median: norm, limit },
            action: { text: 'Check its activity.', path: `/timeline?app=${encodeURIComponent(app)}` },
            since: last.firstAt,
          },
        ]
      }),
  }
}

export const volumeSpike = createSpikeRule({
  ...{ id: 'volume-spike', member: 'count', least: 50, what: 'ID-JAGs' },
  did: (count) => `got ${count} ID-JAGs`,
})

export const userSpike = createSpikeRule({
  ...{ id: 'user-spike', member: 'people', least: 10, what: 'users acted for' },
  did: (count) => `acted for ${count} users`,
})

interface Spike {
  readonly now: number
  readonly norm: number
  readonly limit: number
}

/**
 * @param before - counts of the days with grants; the other days count as zero
 * @returns undefined if there is no spike
 */
export function findSpike(now: number, before: readonly number[], least: number): Spike | undefined {
  if (before.length < MIN_DAYS || now < least) return undefined
  const days = [...before, ...Array.from({ length: Math.max(0, NORM_DAYS - before.length) }, () => 0)]
  const norm = findMedian(days) ?? 0
  const spread = SCALE * (findMedian(days.map((count) => Math.abs(count - norm))) ?? 0)
  const limit = norm + DEVIATIONS * Math.max(spread, Math.sqrt(norm), 1)
  return now > limit ? { now, norm, limit: Math.round(limit * 10) / 10 } : undefined
}

export const scopeFirstUse: Rule = {
  id: 'scope-first-use',
  formula: `A scope granted in the last 24 hours over a connection that has been in use for 7 days or longer, but not in the ${LOOK_BACK_DAYS} days before. Covers the newest 1,000 ID-JAGs.`,
  baseline: { lookBackDays: LOOK_BACK_DAYS },
  concerns: RESPONDERS,
  find: ({ compiled, scopeFirstUses }) =>
    scopeFirstUses.map(({ connection, app, scope, at, decisionId }) => ({
      subject: { kind: 'connection', id: connection, scope },
      app,
      severity: 'info',
      sentence: `${scope} was granted over ${nameConnectionById(compiled, connection)} for the first time in ${LOOK_BACK_DAYS} days.`,
      values: { scope, at: toMoment(at) },
      samples: sampleDecisions([{ decisionId }]),
      action: {
        text: 'Check whether this was intended.',
        path: `${pathOf('connections', connection)}?tab=activity`,
      },
      since: at,
    })),
}

const MIN_ASKS = 3
const MAX_UNKNOWN_CALLERS = 20
const UNKNOWN_CALLER_HOURS = 24

export const unknownClient: Rule = {
  id: 'unknown-client',
  formula: `An address from which unregistered clients made at least ${MIN_ASKS} requests in the last ${UNKNOWN_CALLER_HOURS} hours; at most the ${MAX_UNKNOWN_CALLERS} most active. Each process remembers the newest 1,000 such requests that it refused, without the client id.`,
  baseline: { asks: MIN_ASKS, hours: UNKNOWN_CALLER_HOURS },
  concerns: RESPONDERS,
  find: (facts) =>
    listUnknownCallers(facts)
      .filter(({ asks }) => asks.length >= MIN_ASKS)
      .sort((one, other) => other.asks.length - one.asks.length)
      .slice(0, MAX_UNKNOWN_CALLERS)
      .map(({ address, asks }) => ({
        subject: { kind: 'client', id: address },
        severity: 'warning',
        sentence: `An unregistered client made ${asks.length} requests in the last ${UNKNOWN_CALLER_HOURS} hours, from ${address}.`,
        values: { asks: asks.length, lastAt: toMoment(Math.max(...asks.map(({ at }) => at))) },
        samples: sampleDecisions(asks),
        action: {
          text: 'Register it, or find out who runs it.',
          path: facts.compiled.exchange === undefined ? '/authorization-servers' : '/apps/new',
        },
        since: Math.min(...asks.map(({ at }) => at)),
      })),
}

interface Ask {
  readonly decisionId: string
  readonly at: number
}

interface UnknownCaller {
  readonly address: string
  /** Newest first */
  readonly asks: readonly Ask[]
}

function listUnknownCallers({ nowMs, unauthenticated }: RecommendationFacts): readonly UnknownCaller[] {
  const callers = new Map<string, Ask[]>()
  for (const { decision_id: decisionId, time, request, checks } of unauthenticated) {
    const at = Date.parse(time)
    if (at <= nowMs - UNKNOWN_CALLER_HOURS * HOUR_MS || !checks.some(isUnknown)) continue
    const { ip } = request.context
    const address = typeof ip === 'string' ? ip : 'an unknown address'
    callers.set(address, [...(callers.get(address) ?? []), { decisionId, at }])
  }
  return [...callers].map(([address, asks]) => ({ address, asks }))
}

function isUnknown({
  id,
  actual,
}: RecommendationFacts['unauthenticated'][number]['checks'][number]): boolean {
  return id === 'client.authentication' && actual === 'unknown client'
}
