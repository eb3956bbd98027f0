// Rules over the operation of the server: late audit streams, a kill switch or a restore without a recent drill, a token
// that expires, and a proxy that hides client addresses.
import { DAY_MS } from '@crosswalk/protocol'

import type { ProxyTrouble } from '../parts.ts'
import {
  ADMINISTRATORS,
  type RecommendationFacts,
  type RecommendationFinding,
  RESPONDERS,
  type Rule,
} from './recommendation.ts'
import { toMoment } from '../http/to-moment.ts'

const LATE_SECONDS = 300
const VERY_LATE_SECONDS = 3600

export const auditStreamLag: Rule = {
  id: 'audit-stream-lag',
  formula: `An audit stream that is ${LATE_SECONDS} seconds late; ${VERY_LATE_SECONDS} are critical.`,
  baseline: { lagSeconds: LATE_SECONDS },
  concerns: RESPONDERS,
  find: ({ nowMs, auditStreams }) =>
    auditStreams
      .filter(({ lagSeconds }) => lagSeconds >= LATE_SECONDS)
      .map(({ id, lagSeconds, lagEvents, failures, lastError }) => ({
        subject: { kind: 'audit_stream', id },
        severity: lagSeconds >= VERY_LATE_SECONDS ? 'critical' : 'warning',
        sentence: `The audit stream ${id} is ${Math.floor(lagSeconds / 60)} minutes late${failures > 0 ? `, after ${failures} failed deliveries` : ''}.`,
        values: { lagSeconds, lagEvents, failures, lastError },
        samples: [{ kind: 'audit_stream', id }],
        action: { text: 'Check why deliveries fail or lag.', path: '/settings/audit-streams' },
        since: nowMs - lagSeconds * 1000,
      })),
}

interface DrillRule extends Pick<Rule, 'id' | 'formula'> {
  /** A drill is missing after this many days without one */
  readonly days: number
  readonly severity: RecommendationFinding['severity']
  /** What the drill is about, of this server */
  readonly about: string
  readonly name: string
  readonly none: string
  readonly action: RecommendationFinding['action']
  readonly lastAt: (facts: RecommendationFacts) => number | undefined
}

function createDrillRule({ id, formula, days: most, about, name, none, lastAt, ...shown }: DrillRule): Rule {
  return {
    id,
    formula,
    baseline: { days: most },
    concerns: ADMINISTRATORS,
    find(facts): readonly RecommendationFinding[] {
      const { nowMs, compiled } = facts
      const last = lastAt(facts)
      if (compiled.world.connections.size === 0 || (last ?? 0) > nowMs - most * DAY_MS) return []
      const days = last === undefined ? null : Math.floor((nowMs - last) / DAY_MS)
      return [
        {
          ...shown,
          subject: { kind: 'server', id: about },
          sentence: days === null ? none : `The last ${name} was ${days} days ago.`,
          values: { lastDrillAt: toMoment(last), days },
          samples: [],
          since: last === undefined ? undefined : last + most * DAY_MS,
        },
      ]
    },
  }
}

const KILL_DRILL_DAYS = 31

export const killDrillMissing = createDrillRule({
  id: 'kill-drill-missing',
  formula: `No drill of the kill switch (a kill lifted with "drill" in the reason) in ${KILL_DRILL_DAYS} days, although there are connections to stop.`,
  days: KILL_DRILL_DAYS,
  severity: 'warning',
  about: 'kill-switch',
  name: 'kill switch drill',
  none: 'No kill switch drill has run yet.',
  action: { text: 'Run a drill with a test app.', path: '/kill-switch' },
  lastAt: ({ lastDrillAt }) => lastDrillAt,
})

const RESTORE_DRILL_DAYS = 90

export const restoreDrillMissing = createDrillRule({
  id: 'restore-drill-missing',
  formula: `No restore drill (\`npx crosswalk restore-drill\`) in ${RESTORE_DRILL_DAYS} days, although there are connections.`,
  days: RESTORE_DRILL_DAYS,
  severity: 'info',
  about: 'backup',
  name: 'restore drill',
  none: 'No restore drill has run yet.',
  action: {
    text: 'Run “npx crosswalk restore-drill” with the newest backup.',
    path: '/audit?type=restore.drilled',
  },
  lastAt: ({ lastRestoreDrillAt }) => lastRestoreDrillAt,
})

const TOKEN_DAYS = 14
/** A token for a shorter time was created for one task. */
const LASTING_DAYS = 30

export const tokenExpiresSoon: Rule = {
  id: 'admin-token-expires-soon',
  formula: `An admin API token that was created for ${LASTING_DAYS} days or longer, and expires within ${TOKEN_DAYS}. On its last day it is critical.`,
  baseline: { days: TOKEN_DAYS },
  concerns: ADMINISTRATORS,
  find: ({ compiled: { world }, nowMs }) =>
    [...world.tokens.values()].flatMap(
      ({ id, name, createdAt, expiresAt }): readonly RecommendationFinding[] => {
        const endsAt = expiresAt === undefined ? Infinity : Date.parse(expiresAt)
        const rest = endsAt - nowMs
        const isLasting = endsAt - Date.parse(createdAt) >= LASTING_DAYS * DAY_MS
        if (rest <= 0 || rest > TOKEN_DAYS * DAY_MS || !isLasting) return []
        return [
          {
            subject: { kind: 'admin_token', id },
            severity: rest <= DAY_MS ? 'critical' : 'warning',
            sentence: `The admin API token ${name} expires soon.`,
            values: { expiresAt: new Date(endsAt).toISOString(), createdAt },
            samples: [],
            action: { text: 'Create a new one, and replace it where it is used.', path: '/settings/tokens' },
            since: endsAt - TOKEN_DAYS * DAY_MS,
          },
        ]
      },
    ),
}

/** The effect of each proxy problem, and its fix. */
const PROXY_TROUBLES = {
  undeclared: {
    severity: 'critical',
    sentence:
      'Requests come through a proxy that is not declared: network conditions see the address of the proxy, not the client.',
    action: 'List the addresses of your reverse proxies under listen.trustedProxies, and restart.',
  },
  silent: {
    severity: 'warning',
    sentence:
      'A declared proxy does not forward client addresses, so limits, network conditions and events lack them.',
    action: 'Have the proxy set X-Forwarded-For to the address of the client.',
  },
} as const satisfies Record<ProxyTrouble['kind'], object>

export const reverseProxy: Rule = {
  id: 'reverse-proxy',
  formula:
    'Since this process started, a request with `Forwarded` or `X-Forwarded-For` while `listen.trustedProxies` is empty and a policy depends on the client address; or a form without either header from an address in `listen.trustedProxies`, until a request from there has one.',
  baseline: { trouble: 'none' },
  concerns: RESPONDERS,
  find({ proxyTrouble }): readonly RecommendationFinding[] {
    if (proxyTrouble === undefined) return []
    const { kind, sinceMs: since } = proxyTrouble
    const { severity, sentence, action } = PROXY_TROUBLES[kind]
    return [
      {
        subject: { kind: 'server', id: `${kind}-proxy` },
        severity,
        sentence,
        values: { trouble: kind, since: toMoment(since) },
        samples: [],
        action: { text: action, path: '/policies' },
        since,
      },
    ]
  },
}
