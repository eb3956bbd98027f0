// Rules over what apps do: refusals in a row, much more than usual, scopes no one used for long, and strangers that ask.
import { callApp, callConnectionById } from '../views/call-by-name.ts'
import { median } from './median.ts'
import {
  aboutApp,
  type AppVolume,
  type Finding,
  type RecommendationFacts,
  RESPONDERS,
  type Rule,
} from './recommendation.ts'
import { HOUR_MS } from './spans.ts'
import { pathOf } from './definition-rules.ts'
import { LOOK_BACK_DAYS } from './scope-first-uses.ts'
import { toMoment } from '../http/to-moment.ts'

const BURST = 20
const GRAVE_BURST = 10 * BURST

export const refusalBurst: Rule = {
  id: 'refusal-burst',
  formula: `At least ${BURST} refused exchanges of one app in the last hour; ${GRAVE_BURST} are critical.`,
  baseline: { refusals: BURST, hours: 1 },
  concerns: RESPONDERS,
  find: ({ compiled, refusals }) =>
    refusals
      .filter(({ count }) => count >= BURST)
      .map(({ app, count, people, firstAt, lastAt }) => ({
        ...aboutApp(app, count >= GRAVE_BURST ? 'critical' : 'warning'),
        sentence: `${callApp(compiled, app)} was refused ${count} times in the last hour, for ${people} ${people === 1 ? 'user' : 'users'}.`,
        values: { refusals: count, people, lastAt: toMoment(lastAt) },
        action: {
          text: 'Look at what it asked for, and block it if it probes.',
          path: `/decisions?app=${encodeURIComponent(app)}&outcome=deny`,
        },
        since: firstAt,
      })),
}

export const NORM_DAYS = 28
/** An app has a norm once it was used on so many of these days. */
const MIN_DAYS = 7
/** Robust standard deviations above the median. */
const DEVIATIONS = 6
/** So that the deviation of a very even norm is not nought: 1.4826 makes the median deviation a standard one. */
const SCALE = 1.4826
const MIN_GRANTS = 50
const MIN_USERS = 10

export const volumeSpike: Rule = {
  id: 'volume-spike',
  formula: describeSpike('ID-JAGs', MIN_GRANTS),
  baseline: { normDays: NORM_DAYS, deviations: DEVIATIONS, least: MIN_GRANTS },
  concerns: RESPONDERS,
  find: ({ compiled, volumes }) =>
    volumes.flatMap((volume) => {
      const before = volume.before.map(({ count }) => count)
      return reportSpike(
        { ...volume, called: callApp(compiled, volume.app) },
        findSpike(volume.last.count, before, MIN_GRANTS),
        (count) => `got ${count} ID-JAGs`,
      )
    }),
}

export const userSpike: Rule = {
  id: 'user-spike',
  formula: describeSpike('users acted for', MIN_USERS),
  baseline: { normDays: NORM_DAYS, deviations: DEVIATIONS, least: MIN_USERS },
  concerns: RESPONDERS,
  find: ({ compiled, volumes }) =>
    volumes.flatMap((volume) => {
      const before = volume.before.map(({ people }) => people)
      return reportSpike(
        { ...volume, called: callApp(compiled, volume.app) },
        findSpike(volume.last.people, before, MIN_USERS),
        (count) => `acted for ${count} users`,
      )
    }),
}

function describeSpike(what: string, least: number): string {
  return `In the last 24 hours at least ${least} ${what}, and more than median + ${DEVIATIONS} × max(${SCALE} × MAD, √median, 1) of the ${NORM_DAYS} days before, on at least ${MIN_DAYS} of which the app was used.`
}

interface Spike {
  readonly now: number
  readonly norm: number
  readonly limit: number
}

/**
 * @param before - of the days on which there was any; the others count as nought
 * @returns undefined where it is none
 */
export function findSpike(now: number, before: readonly number[], least: number): Spike | undefined {
  if (before.length < MIN_DAYS || now < least) return undefined
  const days = [...before, ...Array.from({ length: Math.max(0, NORM_DAYS - before.length) }, () => 0)]
  const norm = median(days)
  const spread = SCALE * median(days.map((count) => Math.abs(count - norm)))
  const limit = norm + DEVIATIONS * Math.max(spread, Math.sqrt(norm), 1)
  return now > limit ? { now, norm, limit: Math.round(limit * 10) / 10 } : undefined
}

function reportSpike(
  { app, last, called }: AppVolume & { readonly called: string },
  spike: Spike | undefined,
  what: (count: number) => string,
): readonly Finding[] {
  if (spike === undefined) return []
  const { now, norm, limit } = spike
  return [
    {
      ...aboutApp(app, 'warning'),
      sentence: `${called} ${what(now)} in the last 24 hours; its median of ${NORM_DAYS} days is ${norm}, and ${limit} would be within what is usual.`,
      values: { last24Hours: now, median: norm, limit },
      action: { text: 'Look at what it did.', path: `/timeline?app=${encodeURIComponent(app)}` },
      since: last.firstAt,
    },
  ]
}

export const scopeFirstUse: Rule = {
  id: 'scope-first-use',
  formula: `A scope granted in the last 24 hours over a connection that is in use for 7 days or longer, and not granted over it in the ${LOOK_BACK_DAYS} days before. The newest 1,000 ID-JAGs are looked at.`,
  baseline: { lookBackDays: LOOK_BACK_DAYS },
  concerns: RESPONDERS,
  find: ({ compiled, scopeFirstUses }) =>
    scopeFirstUses.map(({ connection, app, scope, at, decisionId }) => ({
      subject: { kind: 'connection', id: connection, scope },
      app,
      severity: 'info',
      sentence: `${scope} was granted over ${callConnectionById(compiled, connection)} for the first time in ${LOOK_BACK_DAYS} days.`,
      values: { scope, at: toMoment(at) },
      samples: decisionId === undefined ? [] : [{ kind: 'decision', id: decisionId }],
      action: {
        text: 'See whether it was meant.',
        path: `${pathOf('connections', connection)}?tab=activity`,
      },
      since: at,
    })),
}

const MIN_ASKS = 3
const MAX_STRANGERS = 20
const STRANGER_HOURS = 24

export const unknownClient: Rule = {
  id: 'unknown-client',
  formula: `An address from which a client that is not registered here asked at least ${MIN_ASKS} times in the last ${STRANGER_HOURS} hours, of the ${MAX_STRANGERS} that asked most. Such callers are remembered by the process that refused them, the newest 1,000 of them, and the id they gave is not kept.`,
  baseline: { asks: MIN_ASKS, hours: STRANGER_HOURS },
  concerns: RESPONDERS,
  find: (facts) =>
    listStrangers(facts)
      .filter(({ asks }) => asks.length >= MIN_ASKS)
      .sort((one, other) => other.asks.length - one.asks.length)
      .slice(0, MAX_STRANGERS)
      .map(({ address, asks }) => ({
        subject: { kind: 'client', id: address },
        severity: 'warning',
        sentence: `A client that no one registered asked ${asks.length} times in the last ${STRANGER_HOURS} hours, from ${address}.`,
        values: { asks: asks.length, lastAt: toMoment(Math.max(...asks.map(({ at }) => at))) },
        samples: asks.slice(0, 3).map(({ id }) => ({ kind: 'decision', id })),
        action: {
          text: 'Register it, or find out whose it is.',
          path: facts.compiled.exchange === undefined ? '/authorization-servers' : '/apps/new',
        },
        since: Math.min(...asks.map(({ at }) => at)),
      })),
}

interface Stranger {
  readonly address: string
  /** Newest first */
  readonly asks: readonly { readonly id: string; readonly at: number }[]
}

function listStrangers({ nowMs, unauthenticated }: RecommendationFacts): readonly Stranger[] {
  const strangers = new Map<string, { id: string; at: number }[]>()
  for (const { decision_id: id, time, request, checks } of unauthenticated) {
    const at = Date.parse(time)
    if (at <= nowMs - STRANGER_HOURS * HOUR_MS || !checks.some(isUnknown)) continue
    const { ip } = request.context
    const address = typeof ip === 'string' ? ip : 'an unknown address'
    strangers.set(address, [...(strangers.get(address) ?? []), { id, at }])
  }
  return [...strangers].map(([address, asks]) => ({ address, asks }))
}

function isUnknown({
  id,
  actual,
}: RecommendationFacts['unauthenticated'][number]['checks'][number]): boolean {
  return id === 'client.authentication' && actual === 'unknown client'
}
