// Rules over what is not usual: hours, networks and users that an app did not have before, many resource apps at once;
// and what a report-only policy would have refused.
import { callApp, callConnection } from '../views/call-by-name.ts'
import { pathOf } from './definition-rules.ts'
import { type HourVolume, NORM_DAYS, WINDOW_MS } from './habits.ts'
import {
  aboutApp,
  ADMINISTRATORS,
  type Finding,
  type RecommendationFacts,
  RESPONDERS,
  type Rule,
} from './recommendation.ts'
import { HOUR_MS } from './spans.ts'
import {
  EARLIER_GRANTS,
  ESTABLISHED_DAYS,
  MAX_GRANTS,
  MAX_NETWORKS,
  NETWORK_DAYS,
  USER_DAYS,
  type RecentGrant,
} from './recent-grants.ts'
import { toMoment } from '../http/to-moment.ts'

const LOOKED_AT = MAX_GRANTS.toLocaleString('en')
const MIN_IN_HOUR = 5
const MIN_DAYS = 14

export const unusualHours: Rule = {
  id: 'unusual-hours',
  formula: `At least ${MIN_IN_HOUR} ID-JAGs of one app in an hour of the clock (UTC) of the last 24, when on none of the ${NORM_DAYS} days before it got any in this hour of the day, the one before or the one after, and it was used on at least ${MIN_DAYS} of these days.`,
  baseline: { idJags: MIN_IN_HOUR, normDays: NORM_DAYS, usedDays: MIN_DAYS },
  concerns: RESPONDERS,
  find({ compiled, habits: { hours, hourNorms } }) {
    const busiest = new Map<string, HourVolume>()
    for (const one of hours) {
      const norm = hourNorms.get(one.app)
      if (one.count < MIN_IN_HOUR || norm === undefined || norm.days < MIN_DAYS) continue
      if (isUsual(norm.hours, hourOf(one.at)) || (busiest.get(one.app)?.count ?? 0) >= one.count) continue
      busiest.set(one.app, one)
    }
    return [...busiest.values()].map(({ app, at, count }): Finding => {
      const hour = hourOf(at)
      const { days = 0, hours: usual = 0 } = hourNorms.get(app) ?? {}
      return {
        ...aboutApp(app, 'info'),
        sentence: `${callApp(compiled, app)} got ${count} ID-JAGs between ${clock(hour)} and ${clock(hour + 1)} UTC, an hour at which it is never used.`,
        values: { idJags: count, hour: clock(hour), usedDays: days, usualHours: listHours(usual) },
        action: { text: 'Ask those who owns it whether it was meant.', path: timelineOf(app) },
        since: at,
      }
    })
  },
}

function hourOf(at: number): number {
  return Math.floor(at / HOUR_MS) % 24
}

function isUsual(hours: number, hour: number): boolean {
  return [hour + 23, hour, hour + 1].some((one) => (hours & (1 << (one % 24))) !== 0)
}

function clock(hour: number): string {
  return `${String(hour % 24).padStart(2, '0')}:00`
}

function listHours(hours: number): string {
  return Array.from({ length: 24 }, (_, hour) => hour)
    .filter((hour) => (hours & (1 << hour)) !== 0)
    .map(clock)
    .join(' ')
}

const MANY_TARGETS = 10

export const manyResources: Rule = {
  id: 'many-resources',
  formula: `An app that asked for ${MANY_TARGETS} or more different resource apps within ${WINDOW_MS / 60_000} minutes of the clock, in the last hour, granted or not. What is not registered here does not count.`,
  baseline: { resourceApps: MANY_TARGETS, minutes: WINDOW_MS / 60_000 },
  concerns: RESPONDERS,
  find({ compiled, habits: { targets } }) {
    const most = new Map<string, { at: number; targets: number }>()
    for (const one of targets)
      if (one.targets >= MANY_TARGETS && one.targets > (most.get(one.app)?.targets ?? 0))
        most.set(one.app, one)
    return [...most].map(([app, { at, targets: count }]) => ({
      ...aboutApp(app, 'warning'),
      sentence: `${callApp(compiled, app)} asked for ${count} different resource apps within ${WINDOW_MS / 60_000} minutes.`,
      values: { resourceApps: count, windowFrom: toMoment(at) },
      action: { text: 'See what it looked for, and block it if it probes.', path: timelineOf(app) },
      since: at,
    }))
  },
}

export const networkFirstUse: Rule = {
  id: 'network-first-use',
  formula: `An app that proves itself by a secret or a key got an ID-JAG in the last 24 hours from a network (the first 24 bits of IPv4, 48 of IPv6) that none of its ${NETWORK_DAYS} days before came from, while it is in use for more than ${ESTABLISHED_DAYS} days and comes from at most ${MAX_NETWORKS} networks. The newest ${LOOKED_AT} ID-JAGs are looked at, and of each app the ${EARLIER_GRANTS} before. Countries are not known.`,
  baseline: { days: NETWORK_DAYS, networks: 0 },
  concerns: RESPONDERS,
  find: ({ compiled, recentGrants }) =>
    groupBy(recentGrants, ({ app, newNetwork }) => (newNetwork === undefined ? undefined : app)).map(
      ([app, grants]) => {
        const networks = [...new Set(grants.map(({ newNetwork = '' }) => newNetwork))]
        return {
          ...aboutApp(app, 'info'),
          sentence: `${callApp(compiled, app)} came from ${networks.length === 1 ? `a network it never came from before, ${String(networks[0])}` : `${networks.length} networks it never came from before`}.`,
          values: { networks: networks.slice(0, 10).join(' '), count: networks.length },
          samples: sampleOf(grants),
          action: {
            text: 'Ask those who owns it whether it moved; if it did not, give it a new key.',
            path: `${pathOf('apps', app)}?tab=keys`,
          },
          since: Math.min(...grants.map(({ at }) => at)),
        }
      },
    ),
}

export const userFirstUse: Rule = {
  id: 'user-first-use',
  formula: `Users for whom an ID-JAG was granted in the last 24 hours over a connection that is in use for more than ${ESTABLISHED_DAYS} days, and over which none was granted for them in the ${USER_DAYS} days before. The newest ${LOOKED_AT} ID-JAGs are looked at.`,
  baseline: { lookBackDays: USER_DAYS },
  concerns: RESPONDERS,
  find: ({ compiled, recentGrants }) =>
    groupBy(recentGrants, ({ connection, isFirstForUser }) =>
      isFirstForUser ? connection : undefined,
    ).flatMap(([id, grants]): readonly Finding[] => {
      const definition = compiled.world.connections.get(id)?.definition
      if (definition === undefined) return []
      const people = new Set(grants.map(({ user }) => user)).size
      return [
        {
          subject: { kind: 'connection', id },
          app: definition.app,
          severity: 'info',
          sentence: `${callConnection(compiled, definition)} was used for ${people === 1 ? 'a user' : `${people} users`} for the first time in ${USER_DAYS} days.`,
          values: { people },
          samples: sampleOf(grants),
          action: {
            text: 'See whether those are users it was meant for.',
            path: `${pathOf('connections', id)}?tab=activity`,
          },
          since: Math.min(...grants.map(({ at }) => at)),
        },
      ]
    }),
}

export const reportOnlyDiffers: Rule = {
  id: 'report-only-differs',
  formula: `A report-only policy under which at least one ID-JAG that was granted in the last 24 hours, of the newest ${LOOKED_AT}, would not have been granted as it was.`,
  baseline: { differ: 0, hours: 24 },
  concerns: ADMINISTRATORS,
  find({ recentGrants }) {
    const byPolicy = new Map<string, RecentGrant[]>()
    for (const grant of recentGrants)
      for (const policy of grant.refusedBy) byPolicy.set(policy, [...(byPolicy.get(policy) ?? []), grant])
    return [...byPolicy].map(([policy, grants]) => ({
      subject: { kind: 'policy', id: policy },
      severity: 'info',
      sentence: `Under the report-only policy ${policy}, ${grants.length} of the ${recentGrants.length} newest ID-JAGs of the last 24 hours would not have been granted as they were.`,
      values: {
        differ: grants.length,
        examined: recentGrants.length,
        apps: new Set(grants.map(({ app }) => app)).size,
        people: new Set(grants.map(({ user }) => user)).size,
      },
      samples: sampleOf(grants),
      action: {
        text: 'See whether that is what it is for, before it is enforced.',
        path: '/policies/report-only',
      },
      since: Math.min(...grants.map(({ at }) => at)),
    }))
  },
}

function groupBy(
  grants: RecommendationFacts['recentGrants'],
  keyOf: (grant: RecentGrant) => string | undefined,
): readonly (readonly [string, readonly RecentGrant[]])[] {
  const groups = new Map<string, RecentGrant[]>()
  for (const grant of grants) {
    const key = keyOf(grant)
    if (key !== undefined) groups.set(key, [...(groups.get(key) ?? []), grant])
  }
  return [...groups]
}

function sampleOf(grants: readonly RecentGrant[]): Finding['samples'] {
  return grants.slice(0, 3).map(({ decisionId = '' }) => ({ kind: 'decision', id: decisionId }))
}

function timelineOf(app: string): string {
  return `/timeline?app=${encodeURIComponent(app)}`
}
