// Rules over unusual behaviour: new hours, networks and users of an app, and many resource apps together; and the
// effect of report-only policies.
import { HOUR_MS, MINUTE_MS } from '@crosswalk/protocol'

import { nameApp, nameConnection } from '../definitions/name-objects.ts'
import { pathOf } from './definition-rules.ts'
import { type HourVolume, NORM_DAYS, WINDOW_MS } from './habits.ts'
import {
  aboutApp,
  ADMINISTRATORS,
  type RecommendationFinding,
  type RecommendationFacts,
  RESPONDERS,
  type Rule,
  sampleDecisions,
} from './recommendation.ts'
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
  formula: `At least ${MIN_IN_HOUR} ID-JAGs for an app in one clock hour (UTC) of the last 24, although on the ${NORM_DAYS} days before it got none in that hour of the day or the hours next to it, and was used on at least ${MIN_DAYS} of those days.`,
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
    return [...busiest.values()].map(({ app, at, count }): RecommendationFinding => {
      const hour = hourOf(at)
      const { days = 0, hours: usual = 0 } = hourNorms.get(app) ?? {}
      return {
        ...aboutApp(app, 'info'),
        sentence: `${nameApp(compiled, app)} got ${count} ID-JAGs between ${clock(hour)} and ${clock(hour + 1)} UTC, an hour in which it is never used.`,
        values: { idJags: count, hour: clock(hour), usedDays: days, usualHours: listHours(usual) },
        action: { text: 'Ask its owners whether this was intended.', path: timelineOf(app) },
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
  formula: `An app that requested ${MANY_TARGETS} or more different resource apps within one ${WINDOW_MS / MINUTE_MS}-minute window of the last hour, granted or not. Unregistered resources do not count.`,
  baseline: { resourceApps: MANY_TARGETS, minutes: WINDOW_MS / MINUTE_MS },
  concerns: RESPONDERS,
  find({ compiled, habits: { targets } }) {
    const most = new Map<string, { at: number; targets: number }>()
    for (const one of targets)
      if (one.targets >= MANY_TARGETS && one.targets > (most.get(one.app)?.targets ?? 0))
        most.set(one.app, one)
    return [...most].map(([app, { at, targets: count }]) => ({
      ...aboutApp(app, 'warning'),
      sentence: `${nameApp(compiled, app)} requested ${count} different resource apps within ${WINDOW_MS / MINUTE_MS} minutes.`,
      values: { resourceApps: count, windowFrom: toMoment(at) },
      action: { text: 'Check what it requested, and block it if it is probing.', path: timelineOf(app) },
      since: at,
    }))
  },
}

export const networkFirstUse: Rule = {
  id: 'network-first-use',
  formula: `An app with a secret or key that got an ID-JAG in the last 24 hours from a network (the first 24 bits of IPv4, 48 of IPv6) it had not used in the ${NETWORK_DAYS} days before, although it has been in use for more than ${ESTABLISHED_DAYS} days and uses at most ${MAX_NETWORKS} networks. Covers the newest ${LOOKED_AT} ID-JAGs, and ${EARLIER_GRANTS} earlier ones per app. Countries are not known.`,
  baseline: { days: NETWORK_DAYS, networks: 0 },
  concerns: RESPONDERS,
  find: ({ compiled, recentGrants }) =>
    groupBy(recentGrants, ({ app, newNetwork }) => (newNetwork === undefined ? undefined : app)).map(
      ([app, grants]) => {
        const networks = [...new Set(grants.map(({ newNetwork = '' }) => newNetwork))]
        return {
          ...aboutApp(app, 'info'),
          sentence: `${nameApp(compiled, app)} used ${networks.length === 1 ? `a new network, ${String(networks[0])}` : `${networks.length} new networks`}.`,
          values: { networks: networks.slice(0, 10).join(' '), count: networks.length },
          samples: sampleDecisions(grants),
          action: {
            text: 'Ask its owners whether it moved; if not, replace its key.',
            path: `${pathOf('apps', app)}?tab=keys`,
          },
          since: Math.min(...grants.map(({ at }) => at)),
        }
      },
    ),
}

export const userFirstUse: Rule = {
  id: 'user-first-use',
  formula: `Users with an ID-JAG in the last 24 hours over a connection that has been in use for more than ${ESTABLISHED_DAYS} days, but without one over it in the ${USER_DAYS} days before. Covers the newest ${LOOKED_AT} ID-JAGs.`,
  baseline: { lookBackDays: USER_DAYS },
  concerns: RESPONDERS,
  find: ({ compiled, recentGrants }) =>
    groupBy(recentGrants, ({ connection, isFirstForUser }) =>
      isFirstForUser ? connection : undefined,
    ).flatMap(([id, grants]): readonly RecommendationFinding[] => {
      const definition = compiled.world.connections.get(id)?.definition
      if (definition === undefined) return []
      const users = new Set(grants.map(({ user }) => user)).size
      return [
        {
          subject: { kind: 'connection', id },
          app: definition.app,
          severity: 'info',
          sentence: `${nameConnection(compiled, definition)} was used for ${users === 1 ? 'a user' : `${users} users`} for the first time in ${USER_DAYS} days.`,
          values: { people: users },
          samples: sampleDecisions(grants),
          action: {
            text: 'Check whether the connection is meant for these users.',
            path: `${pathOf('connections', id)}?tab=activity`,
          },
          since: Math.min(...grants.map(({ at }) => at)),
        },
      ]
    }),
}

export const reportOnlyDiffers: Rule = {
  id: 'report-only-differs',
  formula: `A report-only policy that would have denied or limited at least one of the newest ${LOOKED_AT} ID-JAGs granted in the last 24 hours.`,
  baseline: { differ: 0, hours: 24 },
  concerns: ADMINISTRATORS,
  find({ recentGrants }) {
    const byPolicy = new Map<string, RecentGrant[]>()
    for (const grant of recentGrants)
      for (const policy of grant.refusedBy) byPolicy.set(policy, [...(byPolicy.get(policy) ?? []), grant])
    return [...byPolicy].map(([policy, grants]) => ({
      subject: { kind: 'policy', id: policy },
      severity: 'info',
      sentence: `Under the report-only policy ${policy}, ${grants.length} of the ${recentGrants.length} newest ID-JAGs of the last 24 hours would have been denied or limited.`,
      values: {
        differ: grants.length,
        examined: recentGrants.length,
        apps: new Set(grants.map(({ app }) => app)).size,
        people: new Set(grants.map(({ user }) => user)).size,
      },
      samples: sampleDecisions(grants),
      action: {
        text: 'Check whether this is intended before you enforce it.',
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
  return [...Map.groupBy(grants, keyOf)].flatMap(([key, group]) =>
    key === undefined ? [] : [[key, group] as const],
  )
}

function timelineOf(app: string): string {
  return `/timeline?app=${encodeURIComponent(app)}`
}
