// Rules over growing permissions: scopes added over months, and approvals that add up.
import { connectionKey } from '@crosswalk/policy'
import { type ConnectionDefinition, DAY_MS } from '@crosswalk/protocol'

import { nameApp, nameConnection } from '../definitions/name-objects.ts'
import { listActiveConnections } from '../connections/unused-connections.ts'
import { pathOf } from './definition-rules.ts'
import {
  aboutConnection,
  ADMINISTRATORS,
  type RecommendationFinding,
  type RecommendationFacts,
  type Rule,
} from './recommendation.ts'
import { toMoment } from '../http/to-moment.ts'

export const GROWTH_DAYS = 90
const MIN_ADDED = 5
const MIN_FACTOR = 1.5

export const scopeCreep: Rule = {
  id: 'scope-creep',
  formula: `An app whose active connections in the database have at least ${MIN_ADDED} more scopes than ${GROWTH_DAYS} days ago, and at least ${MIN_FACTOR} times as many; it had some then. A scope counts once per connection. Connections of the file have no history.`,
  baseline: { days: GROWTH_DAYS, added: MIN_ADDED, factor: MIN_FACTOR },
  concerns: ADMINISTRATORS,
  find({ nowMs, compiled, pastConnections }) {
    const then = nowMs - GROWTH_DAYS * DAY_MS
    const before = countScopes([...pastConnections.values()].filter((one) => isInForce(one, then)))
    const stored = listActiveConnections(compiled, nowMs)
      .filter(({ owner }) => owner === 'database')
      .map(({ definition }) => definition)
    const now = countScopes(stored)
    return [...now].flatMap(([app, count]): readonly RecommendationFinding[] => {
      const had = before.get(app) ?? 0
      if (had === 0 || count - had < MIN_ADDED || count < had * MIN_FACTOR) return []
      return [
        {
          subject: { kind: 'app', id: app },
          app,
          severity: 'warning',
          sentence: `${nameApp(compiled, app)} has ${count} scopes over its connections, up from ${had} ${GROWTH_DAYS} days ago.`,
          values: { scopes: count, before: had, added: count - had },
          samples: listOf(stored, app).map((id) => ({ kind: 'connection', id })),
          action: {
            text: 'Review its connections, and remove the scopes it does not use.',
            path: '/reviews',
          },
        },
      ]
    })
  },
}

const MAX_SAMPLES = 5

function listOf(stored: readonly ConnectionDefinition[], app: string): readonly string[] {
  return stored
    .filter((one) => one.app === app)
    .map(({ id }) => id)
    .slice(0, MAX_SAMPLES)
}

function countScopes(connections: readonly ConnectionDefinition[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { app, scopes } of connections) counts.set(app, (counts.get(app) ?? 0) + new Set(scopes).size)
  return counts
}

function isInForce({ status, expiresAt }: ConnectionDefinition, atMs: number): boolean {
  return status === 'active' && (expiresAt === undefined || Date.parse(expiresAt) > atMs)
}

const MIN_APPROVED = 4
const MIN_TIMES = 3
const MAX_AT_ONCE = 0.5
const MIN_SHARE = 0.75

export const approvalsAddUp: Rule = {
  id: 'approvals-add-up',
  formula: `A connection with at least ${MIN_APPROVED} scopes approved within ${GROWTH_DAYS} days, on ${MIN_TIMES} or more occasions and never more than half of them together, that now has at least three quarters of the scopes of its resource app that need approval.`,
  baseline: { days: GROWTH_DAYS, scopes: MIN_APPROVED, times: MIN_TIMES, share: MIN_SHARE },
  concerns: ADMINISTRATORS,
  find: ({ nowMs, compiled }) =>
    listActiveConnections(compiled, nowMs).flatMap(({ definition }): readonly RecommendationFinding[] => {
      const found = countApprovals(definition, compiled, nowMs)
      if (found === undefined) return []
      const { approved, needing, recent, times } = found
      return [
        {
          ...aboutConnection(definition, 'warning'),
          sentence: `${recent} scopes of ${nameConnection(compiled, definition)} were approved on ${times} occasions in ${GROWTH_DAYS} days; it now has ${approved} of the ${needing} that need approval.`,
          values: { approved, needing, approvedOfLate: recent, times, lastAt: toMoment(found.lastAt) },
          action: {
            text: 'Review them together, and remove the scopes it does not need.',
            path: `${pathOf('connections', definition.id)}?tab=scopes`,
          },
          since: found.lastAt,
        },
      ]
    }),
}

function countApprovals(
  { app, resourceApp, scopes }: ConnectionDefinition,
  { exchange }: RecommendationFacts['compiled'],
  nowMs: number,
) {
  const states = exchange?.connections.get(connectionKey(app, resourceApp))?.approvals
  if (states === undefined) return undefined
  const approved = scopes.flatMap((scope) => {
    const state = states.get(scope)
    return state?.state === 'approved' ? [Date.parse(state.approval?.at ?? '')] : []
  })
  const recent = approved.filter((at) => at > nowMs - GROWTH_DAYS * DAY_MS)
  const times = new Map<number, number>()
  for (const at of recent) times.set(at, (times.get(at) ?? 0) + 1)
  const isMany =
    recent.length >= MIN_APPROVED &&
    times.size >= MIN_TIMES &&
    Math.max(...times.values()) <= recent.length * MAX_AT_ONCE
  if (!isMany || approved.length < states.size * MIN_SHARE) return undefined
  return {
    ...{ approved: approved.length, needing: states.size, recent: recent.length },
    ...{ times: times.size, lastAt: Math.max(...recent) },
  }
}
