// Every type of audit event, with its class and activity in OCSF. A missing type is mapped by its category (see
// `ocsf.ts`), so nothing is lost; each server of a test ensures that its events are in the table.

/** The OCSF classes of our events. */
export const OCSF_CLASSES = {
  authentication: {
    class: 2,
    category: 3,
    name: 'Authentication',
    categoryName: 'Identity & Access Management',
  },
  entity: { class: 4, category: 3, name: 'Entity Management', categoryName: 'Identity & Access Management' },
  access: {
    class: 5,
    category: 3,
    name: 'User Access Management',
    categoryName: 'Identity & Access Management',
  },
  api: { class: 3, category: 6, name: 'API Activity', categoryName: 'Application Activity' },
} as const
export type OcsfClassName = keyof typeof OCSF_CLASSES

/** Activity names by class and number (OCSF 1.6.0). */
export const OCSF_ACTIVITIES: Readonly<Record<OcsfClassName, Readonly<Record<number, string>>>> = {
  authentication: { 1: 'Logon', 2: 'Logoff', 4: 'Service Ticket Request', 99: 'Other' },
  entity: {
    1: 'Create',
    2: 'Read',
    3: 'Update',
    4: 'Delete',
    6: 'Enroll',
    10: 'Activate',
    11: 'Deactivate',
    12: 'Suspend',
    13: 'Resume',
    99: 'Other',
  },
  access: { 1: 'Assign Privileges', 2: 'Revoke Privileges' },
  api: { 1: 'Create', 2: 'Read', 4: 'Delete', 99: 'Other' },
}

export interface EventTypeInOcsf {
  readonly in: OcsfClassName
  readonly activity: number
}

/** The kinds of objects that administrators define. */
const OBJECT_KINDS = [
  'user',
  'group',
  'app',
  'resource_app',
  'connection',
  'policy',
  'policy_suite',
  'approval_rule',
  'review_schedule',
  'authorization_server',
] as const
export type ObjectKind = (typeof OBJECT_KINDS)[number]
const VERBS: Readonly<Record<string, number>> = { created: 1, changed: 3, deleted: 4, restored: 3 }
const ACTS: Readonly<Record<string, number>> = { suspended: 12, resumed: 13 }

function entity(activity: number): EventTypeInOcsf {
  return { in: 'entity', activity }
}

function api(activity: number): EventTypeInOcsf {
  return { in: 'api', activity }
}

function verbsOf(kind: string, verbs: Readonly<Record<string, number>>): [string, EventTypeInOcsf][] {
  return Object.entries(verbs).map(([verb, activity]) => [`${kind}.${verb}`, entity(activity)])
}

export const AUDIT_EVENT_TYPES: ReadonlyMap<string, EventTypeInOcsf> = new Map<string, EventTypeInOcsf>([
  // Decisions
  ['idjag.issued', api(1)],
  ['idjag.denied', api(1)],
  ['idjag.stepup', api(1)],
  ['refresh_token.issued', api(1)],
  ['token.redeemed', api(1)],
  ['token.issued', api(1)],
  ['token.refused', api(1)],
  ['authorization.refused', api(1)],
  ['token.revoked', api(4)],
  ['vault.used', api(2)],
  ['vault.refused', api(2)],
  ['simulation.run', api(2)],
  ['reachable.listed', api(2)],
  ['configuration.applied', entity(3)],
  ['invitation.created', entity(1)],
  ['directory.sync_refused', entity(99)],
  // Sign-in
  ['signin.succeeded', { in: 'authentication', activity: 1 }],
  ['signin.failed', { in: 'authentication', activity: 1 }],
  ['signin.factor_failed', { in: 'authentication', activity: 1 }],
  ['signin.factor_enrolled', entity(6)],
  ['signin.factor_removed', entity(7)],
  ['credential.changed', entity(7)],
  ['signin.tokens_issued', { in: 'authentication', activity: 4 }],
  ['signin.tokens_refused', { in: 'authentication', activity: 4 }],
  ['client.authentication_delayed', { in: 'authentication', activity: 1 }],
  ['session.ended', { in: 'authentication', activity: 2 }],
  // Definitions, and acts on them
  ...OBJECT_KINDS.flatMap((kind) => verbsOf(kind, VERBS)),
  ...['user', 'app', 'connection'].flatMap((kind) => verbsOf(kind, ACTS)),
  ...verbsOf('connection', { revoked: 11, proof_started: 99, proof_finished: 99 }),
  ...verbsOf('token_of_admin_api', { created: 1, deleted: 4 }),
  ...verbsOf('account', { created: 1, disabled: 11, enabled: 10 }),
  ['test.failed_override', entity(99)],
  ...verbsOf('vault', { stored: 1, revoked: 11, revocation_failed: 99 }),
  ['key.rotated', entity(3)],
  // Governance
  ['consent.given', { in: 'access', activity: 1 }],
  ['consent.declined', entity(4)],
  ['request.opened', entity(1)],
  ['request.commented', entity(3)],
  ['request.delegated', entity(3)],
  ['request.approved', { in: 'access', activity: 1 }],
  ['request.narrowed', { in: 'access', activity: 1 }],
  ['request.denied', entity(4)],
  ['request.canceled', entity(4)],
  ['request.expired', entity(4)],
  ['request.ended', { in: 'access', activity: 2 }],
  ['access_grant.created', { in: 'access', activity: 1 }],
  ['access_grant.ended', { in: 'access', activity: 2 }],
  ['access_grant.revoked', { in: 'access', activity: 2 }],
  ['connection.scope_approved', { in: 'access', activity: 1 }],
  ['connection.approval_revoked', { in: 'access', activity: 2 }],
  ['review_schedule.skipped', entity(99)],
  ['review.opened', entity(1)],
  ['review.decided', entity(3)],
  ['review.closed', entity(4)],
  ['removal.verified', entity(3)],
  ['recommendation.muted', entity(12)],
  ['recommendation.unmuted', entity(13)],
  // Response
  ['activity.reported', entity(99)],
  ['block.set', entity(1)],
  ['block.ended', entity(4)],
  ['kill.pressed', entity(11)],
  ['kill.effective', entity(99)],
  ['kill.lifted', entity(10)],
  ['security_event.received', entity(99)],
  ['security_event.abandoned', entity(99)],
  ...verbsOf('event_stream', { created: 1, changed: 3, deleted: 4, verified: 99 }),
  // The audit log itself
  ['audit.read', entity(2)],
  ['audit.exported', entity(2)],
  ['audit.verified', entity(2)],
  ['audit.proven', entity(2)],
  ['audit.packed', entity(2)],
  ['audit.broken', entity(99)],
  ['audit.held', entity(12)],
  ['audit.released', entity(13)],
  ['audit.purged', entity(4)],
  ['restore.drilled', entity(99)],
  ['stream.failed', entity(99)],
  ['stream.recovered', entity(99)],
  ['stream.abandoned', entity(99)],
  ['stream.replayed', entity(3)],
  ['stream.tested', entity(99)],
])

/** @param wanted - a type, or an area: `idjag.*` */
export function isEventOf(type: string, wanted: string): boolean {
  return wanted.endsWith('.*') ? type.startsWith(wanted.slice(0, -1)) : type === wanted
}

/** @param wanted - types and areas @returns the types they stand for; of one that stands for none, itself as `unknown` */
export function expandEventTypes(wanted: readonly string[]): {
  readonly types: readonly string[]
  readonly unknown?: string
} {
  const known = [...AUDIT_EVENT_TYPES.keys()]
  const unknown = wanted.find((one) => !known.some((type) => isEventOf(type, one)))
  const types = known.filter((type) => wanted.some((one) => isEventOf(type, one)))
  return unknown === undefined ? { types } : { types, unknown }
}
