// A decision as its log stores it: JSON with named members, so that the database alone is enough to read it. Values
// that the event repeats are stored once.
import type { Check, DecisionRecord } from '@crosswalk/protocol'

import type { StoredDecision } from './stored-decision.ts'

export const DECISION_SCHEMA = 'xaa.decision-event/v1'

type Request = DecisionRecord['request']
type Without<T, Name extends string> = Omit<NonNullable<T>, Name> | null

/** In the order a reader wants to see them. */
export interface DecisionText extends Pick<
  DecisionRecord,
  'time' | 'outcome' | 'code' | 'kind' | 'stage' | 'mode' | 'summary' | 'wire' | 'snapshot' | 'timing_ms'
> {
  readonly schema: typeof DECISION_SCHEMA
  readonly id: StoredDecision['id']
  readonly type: string
  /** Names of the failed checks, to make them easy to find; absent if all passed */
  readonly failed?: readonly string[] | undefined
  readonly user?: string | undefined
  readonly app?: string | undefined
  readonly resourceApp?: string | undefined
  readonly connection?: string | undefined
  readonly account?: string | undefined
  readonly audience?: string | undefined
  readonly resource: readonly string[]
  readonly scope: { readonly requested: readonly string[]; readonly granted?: readonly string[] | undefined }
  /** In the order of evaluation; a passed check without details is only its name */
  readonly checks: readonly (string | Check)[]
  /** Absent if empty */
  readonly policies?: DecisionRecord['policies'] | undefined
  readonly narrowed?: DecisionRecord['narrowed'] | undefined
  readonly remedies?: DecisionRecord['remedies'] | undefined
  readonly decision: string
  readonly trace: string
  readonly grant?: string | undefined
  readonly issued?: StoredDecision['issued']
  /** The rest of the request, the facts and the grant */
  readonly request: Omit<Request, 'requesting_app' | 'subject' | 'audience' | 'resource' | 'scope'> & {
    readonly requesting_app: Without<Request['requesting_app'], 'id'>
    readonly subject: Without<Request['subject'], 'ref'>
  }
  readonly resolution: Omit<DecisionRecord['resolution'], 'resource_app' | 'connection' | 'account'>
  readonly granted: Without<DecisionRecord['granted'], 'scope'>
  readonly source: StoredDecision['source']
}

export function describeDecision({
  id,
  type,
  issued,
  grantId,
  source,
  record,
}: StoredDecision): DecisionText {
  const { request, resolution, granted } = record
  const { requesting_app: app, subject, audience, resource, scope, ...asked } = request
  const { resource_app: resourceApp, connection, account, ...resolved } = resolution
  return {
    schema: DECISION_SCHEMA,
    id,
    time: record.time,
    type,
    outcome: record.outcome,
    code: record.code,
    failed: unlessEmpty(record.checks.filter(({ result }) => result === 'fail').map((check) => check.id)),
    user: subject?.ref,
    app: app?.id,
    resourceApp,
    connection,
    account,
    audience,
    resource,
    scope: { requested: scope, granted: granted?.scope },
    checks: record.checks.map(shorten),
    policies: unlessEmpty(record.policies),
    narrowed: unlessEmpty(record.narrowed),
    remedies: unlessEmpty(record.remedies),
    decision: record.decision_id,
    trace: record.trace_id,
    grant: grantId,
    issued,
    kind: record.kind,
    stage: record.stage,
    mode: record.mode,
    summary: record.summary,
    wire: record.wire,
    snapshot: record.snapshot,
    timing_ms: record.timing_ms,
    request: { ...asked, requesting_app: withoutId(app), subject: withoutRef(subject) },
    resolution: resolved,
    granted: withoutScope(granted),
    source,
  }
}

function shorten(check: Check): string | Check {
  return check.result === 'pass' && Object.keys(check).length === 2 ? check.id : check
}

function unlessEmpty<T extends readonly unknown[]>(list: T): T | undefined {
  return list.length === 0 ? undefined : list
}

function withoutId(app: Request['requesting_app']): DecisionText['request']['requesting_app'] {
  if (app === null) return null
  const { id: _, ...rest } = app
  return rest
}

function withoutRef(subject: Request['subject']): DecisionText['request']['subject'] {
  if (subject === null) return null
  const { ref: _, ...rest } = subject
  return rest
}

function withoutScope(granted: DecisionRecord['granted']): DecisionText['granted'] {
  if (granted === null) return null
  const { scope: _, ...rest } = granted
  return rest
}

export function readDecision(text: DecisionText): StoredDecision {
  const { id, type, grant: grantId, issued, source } = text
  return { id, type, issued, grantId, source, record: readRecord(text) }
}

function readRecord(text: DecisionText): DecisionRecord {
  const { resourceApp: resource_app, connection, account, resolution, granted, scope } = text
  return omitUndefined<DecisionRecord>({
    schema: 'xaa.decision/v1',
    decision_id: text.decision,
    trace_id: text.trace,
    time: text.time,
    stage: text.stage,
    mode: text.mode,
    outcome: text.outcome,
    kind: text.kind,
    code: text.code,
    summary: text.summary,
    request: readRequest(text),
    resolution: omitUndefined({ ...resolution, how: resolution.how, resource_app, connection, account }),
    checks: text.checks.map((check) => (typeof check === 'string' ? { id: check, result: 'pass' } : check)),
    policies: text.policies ?? [],
    granted: granted === null ? null : { ...granted, scope: [...(scope.granted ?? [])] },
    narrowed: text.narrowed ?? [],
    remedies: text.remedies ?? [],
    wire: text.wire,
    snapshot: text.snapshot,
    timing_ms: text.timing_ms,
  })
}

function readRequest({ user, app, audience, resource, scope, request }: DecisionText): Request {
  const { requesting_app, subject, grant_type, actor, authorization_details, context } = request
  return omitUndefined<Request>({
    grant_type,
    requesting_app: requesting_app === null ? null : { ...requesting_app, id: app ?? '' },
    subject: subject === null || user === undefined ? subject : { ...subject, ref: user },
    actor,
    audience,
    resource: [...resource],
    scope: [...scope.requested],
    authorization_details,
    context,
  })
}

/** Names every member, so that code which rebuilds a T fails to compile when T gains a member */
type Complete<T> = { [Name in keyof Required<T>]: T[Name] }

/** Like `dropUndefined`, but for our own names; building lists of entries would double the cost of reading an event. */
function omitUndefined<T extends object>(members: Complete<T>): T {
  const present: Partial<T> = {}
  for (const name in members) if (members[name] !== undefined) present[name] = members[name]
  return present as T
}
