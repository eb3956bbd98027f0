// Rules over how the server is kept: audit streams that are late, a kill switch that no one tried, and a proxy
// that no one declared.
import { ADMINISTRATORS, type Finding, RESPONDERS, type Rule } from './recommendation.ts'
import { DAY_MS } from './spans.ts'
import { toMoment } from './definition-rules.ts'

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
        sentence: `The audit stream ${id} is ${Math.floor(lagSeconds / 60)} minutes late${failures > 0 ? `, after ${failures} deliveries that failed` : ''}.`,
        values: { lagSeconds, lagEvents, failures, lastError },
        samples: [{ kind: 'audit_stream', id }],
        action: { text: 'See why it does not get through.', path: '/streams' },
        since: nowMs - lagSeconds * 1000,
      })),
}

const DRILL_DAYS = 31

export const killDrillMissing: Rule = {
  id: 'kill-drill-missing',
  formula: `No drill of the kill switch (killed and lifted with a reason that says drill) in ${DRILL_DAYS} days, while there is a connection to stop.`,
  baseline: { days: DRILL_DAYS },
  concerns: ADMINISTRATORS,
  find({ nowMs, compiled, lastDrillAt }): readonly Finding[] {
    const { connections } = compiled.world
    if (connections.size === 0 || (lastDrillAt ?? 0) > nowMs - DRILL_DAYS * DAY_MS) return []
    const days = lastDrillAt === undefined ? null : Math.floor((nowMs - lastDrillAt) / DAY_MS)
    return [
      {
        subject: { kind: 'server', id: 'kill-switch' },
        severity: 'warning',
        sentence:
          days === null
            ? 'The kill switch was never drilled.'
            : `The kill switch was last drilled ${days} days ago.`,
        values: { lastDrillAt: toMoment(lastDrillAt), days },
        samples: [],
        action: { text: 'Run a drill with a test app.', path: '/kill' },
        since: lastDrillAt === undefined ? undefined : lastDrillAt + DRILL_DAYS * DAY_MS,
      },
    ]
  },
}

export const undeclaredProxy: Rule = {
  id: 'undeclared-proxy',
  formula:
    'A policy that looks at the address of the caller, and a request with `Forwarded` or `X-Forwarded-For` since this process started, while `listen.trustedProxies` is empty.',
  baseline: { trustedProxies: 1 },
  concerns: RESPONDERS,
  find: ({ undeclaredProxySince: since }): readonly Finding[] =>
    since === undefined
      ? []
      : [
          {
            subject: { kind: 'server', id: 'trusted-proxies' },
            severity: 'critical',
            sentence:
              'Requests come through a proxy that is not declared: network conditions see its address, not that of the client.',
            values: { trustedProxies: 0, since: toMoment(since) },
            samples: [],
            action: {
              text: 'List the addresses of your reverse proxies under listen.trustedProxies, and restart.',
              path: '/policies',
            },
            since,
          },
        ],
}
