// Audit events in the Open Cybersecurity Schema Framework, which SIEMs understand without knowing our format. Lossless:
// `unmapped` contains the complete event. It does not decide what is exported.
import type { AuditEvent } from './audit-event.ts'
import {
  AUDIT_EVENT_TYPES,
  type EventTypeInOcsf,
  OCSF_ACTIVITIES,
  OCSF_CLASSES,
  type OcsfClassName,
} from './audit-event-types.ts'
import { ACR } from '../constants.ts'
import { dropUndefined } from '../values/drop-undefined.ts'

/** The version of OCSF that {@link renderOcsf} writes; named in `metadata.version`. */
export const OCSF_VERSION = '1.6.0'

/** The position of an event in its log, for verifying copies. */
export interface EventPlace {
  readonly log: string
  readonly chain: string
  readonly seq: number
  readonly prevHash: string
  readonly hash: string
}

export type OcsfEvent = Readonly<Record<string, unknown>> & {
  readonly class_uid: number
  readonly type_uid: number
  readonly time: number
}

const SEVERITY = {
  info: [1, 'Informational'],
  notice: [2, 'Low'],
  warning: [3, 'Medium'],
  critical: [5, 'Critical'],
} as const

/**
 * Renders one event in OCSF 1.6.0.
 *
 * @param timeMs - the time of the event, in epoch milliseconds
 */
export function renderOcsf(event: AuditEvent, place: EventPlace, timeMs: number): OcsfEvent {
  const { in: name, activity } = findMapping(event)
  const { class: number, category, name: className, categoryName } = OCSF_CLASSES[name]
  const classUid = category * 1000 + number
  const activityName = OCSF_ACTIVITIES[name][activity] ?? 'Other'
  const [severityId, severity] = SEVERITY[event.severity]
  return dropUndefined({
    metadata: renderMetadata(event, place, name),
    category_uid: category,
    category_name: categoryName,
    class_uid: classUid,
    class_name: className,
    activity_id: activity,
    activity_name: activityName,
    type_uid: classUid * 100 + activity,
    type_name: `${className}: ${activityName}`,
    time: timeMs,
    severity_id: severityId,
    severity,
    ...renderStatus(event),
    message: event.decision?.summary.admin ?? `${event.type}: ${event.outcome}`,
    duration: event.latency_ms === undefined ? undefined : Math.round(event.latency_ms),
    actor: renderActor(event),
    src_endpoint: renderSource(event),
    ...RENDERERS[name](event),
    unmapped: { xaa: event, chain: { ...place } },
  }) as OcsfEvent
}

/** By type, or by category, which every event has. */
function findMapping({ type, category }: AuditEvent): EventTypeInOcsf {
  const known = AUDIT_EVENT_TYPES.get(type)
  if (known !== undefined) return known
  if (category === 'decision') return { in: 'api', activity: 99 }
  return { in: category === 'session' ? 'authentication' : 'entity', activity: 99 }
}

function renderMetadata(event: AuditEvent, { log, seq }: EventPlace, name: OcsfClassName) {
  return dropUndefined({
    version: OCSF_VERSION,
    product: { name: 'Crosswalk', vendor_name: 'Crosswalk' },
    uid: event.id,
    event_code: event.type,
    log_name: log,
    sequence: seq,
    original_time: event.time,
    correlation_uid: event.trace_id,
    profiles: name === 'api' && event.trace_id !== undefined ? ['trace'] : undefined,
  })
}

function renderStatus({ outcome, code, decision, reason }: AuditEvent) {
  const succeeded = outcome === 'allow' || outcome === 'success'
  const failed = outcome === 'deny' || outcome === 'failure' || outcome === 'error'
  return {
    status_id: succeeded ? 1 : failed ? 2 : 99,
    status: succeeded ? 'Success' : failed ? 'Failure' : outcome,
    status_code: code,
    status_detail: decision?.summary.developer ?? reason,
  }
}

/** For API calls the actor is the app, with the user it acts for. */
function renderActor({ actor, on_behalf_of: subject, decision, outcome }: AuditEvent) {
  const isApp = actor.kind === 'agent' || actor.kind === 'app'
  if (!isApp) return { user: { uid: actor.id, ...USER_TYPES[actor.kind] } }
  const policies = decision?.policies.filter(({ applies }) => applies) ?? []
  return dropUndefined({
    app_uid: actor.client_id ?? actor.id,
    app_name: actor.id,
    user: subject?.user_ref === undefined ? undefined : { uid: subject.user_ref, ...USER_TYPES.user },
    authorizations:
      decision === undefined
        ? undefined
        : policies.length === 0
          ? [{ decision: outcome }]
          : policies.map(({ id, result, state }) => ({
              decision: outcome,
              policy: { uid: id, is_applied: state === 'enforced', desc: result },
            })),
  })
}

const USER_TYPES = {
  user: { type_id: 1, type: 'User' },
  admin: { type_id: 2, type: 'Admin' },
  system: { type_id: 3, type: 'System' },
  file: { type_id: 3, type: 'System' },
} as const

/** Some classes require a source; if it is unknown, the actor names it. */
function renderSource({ source, actor }: AuditEvent) {
  const ip = source?.ip
  return typeof ip === 'string' && ip !== '' ? { ip } : { uid: actor.id }
}

const RENDERERS: Readonly<Record<OcsfClassName, (event: AuditEvent) => Readonly<Record<string, unknown>>>> = {
  api: (event) => ({
    api: dropUndefined({
      operation: event.action?.verb ?? event.type,
      service: { name: 'Crosswalk' },
      request: event.decision_id === undefined ? undefined : { uid: event.decision_id },
    }),
    resources: renderResources(event),
    http_response: event.decision === undefined ? undefined : { code: event.decision.wire.http },
    trace: event.trace_id === undefined ? undefined : { uid: event.trace_id },
  }),
  authentication: (event) => ({
    user: renderUser(event) ?? { uid: event.actor.id },
    service: { name: event.target?.id ?? 'Crosswalk' },
    is_mfa: event.authentication === undefined ? undefined : event.authentication.acr === ACR.multiFactor,
    auth_protocol_id: 4,
    auth_protocol: 'OpenID',
  }),
  entity: (event) => ({
    entity: dropUndefined({
      uid: event.target?.id ?? event.type,
      type: event.target?.kind,
      ...ENTITY_TYPES[event.target?.kind ?? ''],
    }),
    comment: event.reason,
  }),
  access: (event) => ({
    user: renderUser(event) ?? { uid: event.actor.id },
    privileges: readGrantedScopes(event.change),
    resources: event.target === undefined ? undefined : [{ uid: event.target.id, type: event.target.kind }],
    comment: event.reason,
  }),
}

const ENTITY_TYPES: Readonly<Record<string, { readonly type_id: number }>> = {
  user: { type_id: 2 },
  group: { type_id: 3 },
  policy: { type_id: 5 },
}

function renderResources({ target }: AuditEvent) {
  if (target === undefined) return undefined
  const { kind, id, resource = [] } = target
  return [{ uid: id, type: kind }, ...resource.map((uid) => ({ uid, type: 'resource' }))]
}

function renderUser({ on_behalf_of: subject, actor }: AuditEvent) {
  const id = subject?.user_ref ?? (actor.kind === 'user' ? actor.id : undefined)
  return id === undefined ? undefined : { uid: id, ...USER_TYPES.user }
}

function readGrantedScopes(change: unknown): readonly string[] {
  const { request } = (change ?? {}) as { request?: { granted?: { scopes?: unknown }; scopes?: unknown } }
  const scopes = request?.granted?.scopes ?? request?.scopes
  return Array.isArray(scopes) ? scopes.map(String) : []
}
