// Audit events in the Common Event Format (CEF 0, extension dictionary 0.1), which ArcSight, QRadar and Sentinel read
// from syslog and files. A line contains what analysts search for; the complete event stays in the log, under its id.
import type { AuditEvent } from './audit-event.ts'
import type { EventPlace } from './ocsf.ts'

/** From 0 to 10 */
const SEVERITY = { info: 2, notice: 4, warning: 6, critical: 9 } as const

/** Maximum length of a value according to the dictionary; `cs1` to `cs6` share one. */
const LENGTHS: Readonly<Record<string, number>> = { act: 63, outcome: 63, cs: 4000 }
const LENGTH = 1023

/** Vendor, product and version, in the header of every line */
const DEVICE = ['Crosswalk', 'Crosswalk', '1']

/** @param timeMs - the time of the event, in epoch milliseconds */
export function renderCef(event: AuditEvent, { chain, seq }: EventPlace, timeMs: number): string {
  const { id, type, outcome, severity } = event
  const header = [...DEVICE, type, `${type}: ${outcome}`, String(SEVERITY[severity])].map(escapeHeader)
  const values = { rt: String(timeMs), externalId: id, ...describe(event), ...describePlace(chain, seq) }
  const extension = Object.entries(values).flatMap(([key, value]) =>
    value === undefined || value === '' ? [] : [`${key}=${escapeValue(key, value)}`],
  )
  return `CEF:0|${header.join('|')}|${extension.join(' ')}`
}

type Values = Readonly<Record<string, string | undefined>>

function describe(event: AuditEvent): Values {
  const { category, action, outcome, code, reason, decision, target, source, trace_id: trace } = event
  const failed = decision?.checks.filter(({ result }) => result === 'fail').map(({ id }) => id)
  return {
    cat: category,
    act: action?.verb,
    outcome,
    reason: code ?? reason,
    msg: decision?.summary.admin ?? (code === undefined ? undefined : reason),
    ...describeActors(event),
    request: target?.resource?.join(' ') ?? target?.audience,
    ...describeSource(source?.['ip']),
    ...label('cs1', 'decision', event.decision_id),
    ...label('cs2', 'connection', event.delegation?.connection),
    ...label('cs3', 'scope', (action?.scopes_granted ?? action?.scopes_requested)?.join(' ')),
    ...label('cs4', 'failedChecks', failed?.join(' ')),
    ...label('cs5', 'trace', trace),
  }
}

/** The actor, the user it acted for, and the target. */
function describeActors({ actor, on_behalf_of: subject, target }: AuditEvent): Values {
  const isApp = actor.kind === 'agent' || actor.kind === 'app'
  return {
    suid: subject?.user_ref ?? (isApp ? undefined : actor.id),
    sourceServiceName: isApp ? actor.id : undefined,
    destinationServiceName: target?.id,
  }
}

/** The dictionary has separate keys for IPv4 and IPv6. */
function describeSource(ip: unknown): Values {
  if (typeof ip !== 'string') return {}
  return ip.includes(':') ? label('c6a2', 'Source IPv6 Address', ip) : { src: ip }
}

function describePlace(chain: string, seq: number): Values {
  return { ...label('cs6', 'chain', chain), ...label('cn1', 'seq', String(seq)) }
}

/** A custom field of the dictionary, with its label. */
function label(key: string, name: string, value: string | undefined): Values {
  return value === undefined || value === '' ? {} : { [key]: value, [`${key}Label`]: name }
}

/**
 * JSON escapes them, CEF cannot: some receivers treat them as line ends, and a terminal that shows the file would obey
 * them.
 */
const CONTROLS = /[\p{Cc}\u2028\u2029]+/gu

/** The header has no escape for a line feed. */
function escapeHeader(text: string): string {
  return text.replaceAll(CONTROLS, ' ').replaceAll(/[\\|]/g, '\\$&')
}

function escapeValue(key: string, value: string): string {
  const most = LENGTHS[/^cs\d$/.test(key) ? 'cs' : key] ?? LENGTH
  return value
    .slice(0, most)
    .toWellFormed()
    .replaceAll(/[\\=]/g, '\\$&')
    .replaceAll(/\r\n|[\r\n]/g, '\\n')
    .replaceAll(CONTROLS, ' ')
}
