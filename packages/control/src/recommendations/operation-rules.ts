// Rules over the operation of the server: late audit streams, a kill switch or a restore without a recent drill, and a
// proxy that hides client addresses.
import { DAY_MS } from '@crosswalk/protocol'

import type { ProxyTrouble } from '../parts.ts'
import { ADMINISTRATORS, type RecommendationFinding, RESPONDERS, type Rule } from './recommendation.ts'
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

const DRILL_DAYS = 31

export const killDrillMissing: Rule = {
  id: 'kill-drill-missing',
  formula: `No drill of the kill switch (a kill lifted with "drill" in the reason) in ${DRILL_DAYS} days, although there are connections to stop.`,
  baseline: { days: DRILL_DAYS },
  concerns: ADMINISTRATORS,
  find({ nowMs, compiled, lastDrillAt }): readonly RecommendationFinding[] {
    const { connections } = compiled.world
    if (connections.size === 0 || (lastDrillAt ?? 0) > nowMs - DRILL_DAYS * DAY_MS) return []
    const days = lastDrillAt === undefined ? null : Math.floor((nowMs - lastDrillAt) / DAY_MS)
    return [
      {
        subject: { kind: 'server', id: 'kill-switch' },
        severity: 'warning',
        sentence:
          days === null
            ? 'No kill switch drill has run yet.'
            : `The last kill switch drill was ${days} days ago.`,
        values: { lastDrillAt: toMoment(lastDrillAt), days },
        samples: [],
        action: { text: 'Run a drill with a test app.', path: '/kill-switch' },
        since: lastDrillAt === undefined ? undefined : lastDrillAt + DRILL_DAYS * DAY_MS,
      },
    ]
  },
}

const RESTORE_DRILL_DAYS = 90

export const restoreDrillMissing: Rule = {
  id: 'restore-drill-missing',
  formula: `No restore drill (\`npx crosswalk restore-drill\`) in ${RESTORE_DRILL_DAYS} days, although there are connections.`,
  baseline: { days: RESTORE_DRILL_DAYS },
  concerns: ADMINISTRATORS,
  find({ nowMs, compiled, lastRestoreDrillAt: last }): readonly RecommendationFinding[] {
    if (compiled.world.connections.size === 0 || (last ?? 0) > nowMs - RESTORE_DRILL_DAYS * DAY_MS) return []
    const days = last === undefined ? null : Math.floor((nowMs - last) / DAY_MS)
    return [
      {
        subject: { kind: 'server', id: 'backup' },
        severity: 'info',
        sentence:
          days === null
            ? 'It is not on record that a backup can be restored.'
            : `The last restore drill was ${days} days ago.`,
        values: { lastDrillAt: toMoment(last), days },
        samples: [],
        action: {
          text: 'Run `npx crosswalk restore-drill` with the newest backup.',
          path: '/audit?type=restore.drilled',
        },
        since: last === undefined ? undefined : last + RESTORE_DRILL_DAYS * DAY_MS,
      },
    ]
  },
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
