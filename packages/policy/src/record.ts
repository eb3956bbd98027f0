// Builds the decision record from a finished checklist: outcome, the three summaries, remedies, and the wire response.
import {
  type CheckName,
  DECISION_CODES,
  type DecisionCode,
  type DecisionFrame,
  type DecisionRecord,
  describeAuthentication,
  describeMissingParameters,
  describeWrongParameter,
  type Granted,
  type Remedy,
  RETRY_AFTER_SECONDS,
  type Wire,
  WIRE_DESCRIPTION,
  type XaaCode,
} from '@crosswalk/protocol'

import type { Checklist } from './checklist.ts'
import { renderTime } from './moment.ts'
import type { Names } from './admin-sentences.ts'
import { summarize } from './summaries.ts'

/** What to require of a new sign-in */
export interface StepUp {
  readonly acrValues?: readonly string[] | undefined
  readonly maxAgeSeconds?: number | undefined
}

export interface RecordParts {
  readonly frame: DecisionFrame
  readonly stage: DecisionRecord['stage']
  readonly list: Checklist
  readonly request: DecisionRecord['request']
  readonly resolution: DecisionRecord['resolution']
  readonly policies?: DecisionRecord['policies']
  readonly narrowed?: DecisionRecord['narrowed']
  /** What would be granted if every check passed */
  readonly granted: Granted | null
  readonly stepUp?: StepUp | undefined
  /** What the remedy of the code means in this case */
  readonly remedy?: string | undefined
  readonly retryAfterSeconds?: number | undefined
  /** Page about this refusal (`error_uri`), if there is one */
  readonly errorUri?: string | undefined
  readonly names: Names
  /** Replaces the sentences of the code */
  readonly summary?: DecisionRecord['summary'] | undefined
  /** Replaces the wire response of the code */
  readonly wire?: Wire | undefined
  readonly snapshot: DecisionRecord['snapshot']
}

export function assembleRecord(parts: RecordParts): DecisionRecord {
  const { frame, list, stepUp } = parts
  const narrowed = parts.narrowed ?? []
  const code: XaaCode = list.failure()?.code ?? (narrowed.length > 0 ? 'XAA0001' : 'XAA0000')
  const entry: DecisionCode = DECISION_CODES[code]
  const allowed = entry.http === 200
  return {
    schema: 'xaa.decision/v1',
    decision_id: frame.decisionId,
    trace_id: frame.traceId,
    time: renderTime(frame.nowMs),
    stage: parts.stage,
    mode: frame.mode,
    outcome: allowed
      ? 'allow'
      : code === 'XAA1801'
        ? 'step_up'
        : entry.kind === 'pending'
          ? 'pending'
          : entry.http >= 500
            ? 'error'
            : 'deny',
    kind: entry.kind,
    code,
    summary: parts.summary ?? summarize(code, parts.names),
    request: parts.request,
    resolution: parts.resolution,
    checks: [...list.checks],
    policies: parts.policies ?? [],
    granted: allowed ? parts.granted : null,
    narrowed: [...narrowed],
    remedies: allowed && code !== 'XAA0001' ? [] : renderRemedies(code, parts),
    // Step-up parameters are sent only if a new sign-in would help.
    wire: parts.wire ?? {
      ...renderWire(entry, code === 'XAA1801' ? stepUp : undefined, parts.retryAfterSeconds),
      ...describePublicFault(list),
      ...(parts.errorUri === undefined ? {} : { error_uri: parts.errorUri }),
    },
    snapshot: parts.snapshot,
    timing_ms: frame.elapsedMs === undefined ? undefined : { total: Math.trunc(frame.elapsedMs) },
  }
}

/** A kill ends sessions, and its block stops the next sign-in: to sign in again would be no remedy. */
function renderRemedies(code: XaaCode, { list, remedy: more }: RecordParts): Remedy[] {
  const block = list.checks.find(({ id, result }) => id === 'blocks' && result === 'fail')?.code as
    | XaaCode
    | undefined
  const { owner, text } = remedyOf(code)
  const own = { owner, text: more === undefined ? text : `${text} ${more}` }
  const steps = block === undefined || block === code ? [own] : [remedyOf(block), own]
  return steps.map((step, at) => ({ rank: at + 1, ...step }))
}

function remedyOf(code: XaaCode): Pick<Remedy, 'owner' | 'text'> {
  const { owner, remedy } = DECISION_CODES[code]
  return { owner, text: remedy }
}

export function renderWire(entry: DecisionCode, stepUp?: StepUp, retryAfterSeconds?: number): Wire {
  if (entry.error === undefined) return { http: entry.http }
  return {
    http: entry.http,
    error: entry.error,
    error_description: WIRE_DESCRIPTION[entry.error],
    ...(stepUp?.acrValues === undefined ? {} : { acr_values: stepUp.acrValues.join(' ') }),
    ...(stepUp?.maxAgeSeconds === undefined ? {} : { max_age: stepUp.maxAgeSeconds }),
    ...describeWait(entry, retryAfterSeconds),
  }
}

/** The parameter that each of these checks is about */
const CHECKED_PARAMETERS: Readonly<Partial<Record<CheckName, string>>> = {
  'request.requested_token_type': 'requested_token_type',
  'request.subject_token_type': 'subject_token_type',
  'request.audience': 'audience',
  'request.actor': 'actor_token',
}

/** Names what is wrong with the request itself, if that says nothing about definitions, clients or users. */
function describePublicFault(list: Checklist): Pick<Wire, 'error_description'> | undefined {
  const { id: failed, code } = list.failure() ?? {}
  if (failed === undefined) return undefined
  // Keys that cannot be fetched now say nothing about the parameter.
  const wrong = code === 'XAA1106' ? undefined : CHECKED_PARAMETERS[failed]
  if (wrong !== undefined) return { error_description: describeWrongParameter(wrong) }
  const expected = list.checks.find(({ id, result }) => id === failed && result === 'fail')?.expected
  if (failed === 'request.parameters' && Array.isArray(expected))
    return { error_description: describeMissingParameters(expected.map(String)) }
  if (failed === 'client.authentication' && typeof expected === 'string')
    return { error_description: describeAuthentication(expected) }
  return undefined
}

function describeWait(
  { http }: DecisionCode,
  retryAfterSeconds: number | undefined,
): Pick<Wire, 'retry_after'> {
  if (http === 429) return retryAfterSeconds === undefined ? {} : { retry_after: retryAfterSeconds }
  return http === 503 ? { retry_after: retryAfterSeconds ?? RETRY_AFTER_SECONDS } : {}
}
