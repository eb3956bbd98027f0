// A decision as its log keeps it: values in an order of their own instead of names, and the numbers of its checks. Names
// are half of a record, and every answer would wait for writing, hashing and storing them.
import type { DecisionRecord } from '@crosswalk/protocol'

import type { DecisionNote } from './decision-note.ts'
import { type Complete, type Maybe, withoutAbsent } from './complete.ts'
import { packCheck, type PackedCheck, unpackCheck } from './packed-checks.ts'

/** Names the form: whoever changes an order below gives it another name, and reads this one as before. */
const NOTE_SCHEMA = 'xaa.note/v2'

type Request = DecisionRecord['request']
type Granted = NonNullable<DecisionRecord['granted']>

export type PackedNote = readonly [
  schema: string,
  id: DecisionNote['id'],
  type: string,
  issued: Maybe<readonly [jtiHash: string, lifetimeSeconds: number]>,
  grantId: Maybe<string>,
  source: DecisionNote['source'],
  record: PackedRecord,
]

type PackedRecord = readonly [
  decisionId: string,
  traceId: string,
  time: string,
  stage: DecisionRecord['stage'],
  mode: DecisionRecord['mode'],
  outcome: DecisionRecord['outcome'],
  kind: string,
  code: string,
  summary: readonly [user: string, developer: string, admin: string],
  request: PackedRequest,
  resolution: DecisionRecord['resolution'],
  checks: readonly PackedCheck[],
  granted: PackedGranted | null,
  wire: DecisionRecord['wire'],
  snapshot: DecisionRecord['snapshot'],
  timing: Maybe<DecisionRecord['timing_ms']>,
  /** Absent where all are empty */
  more: Maybe<Pick<DecisionRecord, 'policies' | 'narrowed' | 'remedies'>>,
]

type PackedRequest = readonly [
  grantType: Maybe<Request['grant_type']>,
  requestingApp: Request['requesting_app'],
  subject: Request['subject'],
  actor: Maybe<Request['actor']>,
  audience: Maybe<Request['audience']>,
  resource: Request['resource'],
  scope: Request['scope'],
  authorizationDetails: Maybe<Request['authorization_details']>,
  context: Request['context'],
]

/** Where it says what the request and its resolution say, that is not said again. */
type PackedGranted = readonly [
  /** Absent: of the requesting app */
  clientId: Maybe<string>,
  /** Absent: as asked */
  audience: Maybe<string>,
  resource: Granted['resource'],
  scope: Granted['scope'],
  authorizationDetails: Maybe<Granted['authorization_details']>,
  lifetimeSeconds: number,
  /** The strategy alone: the account that was found */
  subject: Granted['subject'] | string,
  cnf: Maybe<Granted['cnf']>,
  act: Maybe<Granted['act']>,
  sessionExpiry: Maybe<number>,
]

export function packNote({ id, type, issued, grantId, source, record }: DecisionNote): PackedNote {
  return [
    NOTE_SCHEMA,
    id,
    type,
    issued === undefined ? undefined : [issued.jtiHash, issued.lifetimeSeconds],
    grantId,
    source,
    packRecord(record),
  ]
}

function packRecord(record: DecisionRecord): PackedRecord {
  const { summary, granted, policies, narrowed, remedies } = record
  return [
    record.decision_id,
    record.trace_id,
    record.time,
    record.stage,
    record.mode,
    record.outcome,
    record.kind,
    record.code,
    [summary.user, summary.developer, summary.admin],
    packRequest(record.request),
    record.resolution,
    record.checks.map(packCheck),
    granted === null ? null : packGranted(granted, record),
    record.wire,
    record.snapshot,
    record.timing_ms,
    policies.length + narrowed.length + remedies.length === 0 ? undefined : { policies, narrowed, remedies },
  ]
}

function packRequest(request: Request): PackedRequest {
  return [
    request.grant_type,
    request.requesting_app,
    request.subject,
    request.actor,
    request.audience,
    request.resource,
    request.scope,
    request.authorization_details,
    request.context,
  ]
}

function packGranted(granted: Granted, { request, resolution }: DecisionRecord): PackedGranted {
  const { client_id: clientId, audience, subject } = granted
  const isOfAccount = subject.value !== undefined && subject.value === resolution.account
  return [
    clientId === request.requesting_app?.client_id ? undefined : clientId,
    audience === request.audience ? undefined : audience,
    granted.resource,
    granted.scope,
    granted.authorization_details,
    granted.lifetime_seconds,
    isOfAccount ? subject.strategy : subject,
    granted.cnf,
    granted.act,
    granted.session_expiry,
  ]
}

/** Throws a `TypeError` for a note of another form. */
export function unpackNote([schema, id, type, issued, grantId, source, record]: PackedNote): DecisionNote {
  if (schema !== NOTE_SCHEMA) throw new TypeError(`event ${id}: its form is ${schema}, not ${NOTE_SCHEMA}`)
  const note: Complete<DecisionNote> = {
    id,
    type,
    issued: issued ? { jtiHash: issued[0], lifetimeSeconds: issued[1] } : undefined,
    grantId: grantId ?? undefined,
    source,
    record: unpackRecord(record),
  }
  return note
}

function unpackRecord(packed: PackedRecord): DecisionRecord {
  const [decision_id, trace_id, time, stage, mode, outcome, kind, code, summary, request, ...rest] = packed
  const [resolution, checks, granted, wire, snapshot, timing, more] = rest
  const [user, developer, admin] = summary
  const asked = unpackRequest(request)
  return withoutAbsent<DecisionRecord>({
    schema: 'xaa.decision/v1',
    decision_id,
    trace_id,
    time,
    stage,
    mode,
    outcome,
    kind,
    code,
    summary: { user, developer, admin },
    request: asked,
    resolution,
    checks: checks.map(unpackCheck),
    policies: more?.policies ?? [],
    granted: granted === null ? null : unpackGranted(granted, asked, resolution),
    narrowed: more?.narrowed ?? [],
    remedies: more?.remedies ?? [],
    wire,
    snapshot,
    timing_ms: timing ?? undefined,
  })
}

function unpackRequest(packed: PackedRequest): Request {
  const [grantType, requesting_app, subject, actor, audience, resource, scope, details, context] = packed
  return withoutAbsent<Request>({
    grant_type: grantType ?? undefined,
    requesting_app,
    subject,
    actor: actor ?? undefined,
    audience: audience ?? undefined,
    resource,
    scope,
    authorization_details: details ?? undefined,
    context,
  })
}

function unpackGranted(
  packed: PackedGranted,
  request: Request,
  { account }: DecisionRecord['resolution'],
): Granted {
  const [clientId, audience, resource, scope, details, lifetime_seconds, subject, cnf, act, sessionExpiry] =
    packed
  return withoutAbsent<Granted>({
    client_id: clientId ?? request.requesting_app?.client_id ?? '',
    audience: audience ?? request.audience ?? '',
    resource,
    scope,
    authorization_details: details ?? undefined,
    lifetime_seconds,
    subject: typeof subject === 'string' ? withoutAbsent({ strategy: subject, value: account }) : subject,
    cnf: cnf ?? undefined,
    act: act ?? undefined,
    session_expiry: sessionExpiry ?? undefined,
  })
}
