// Recovers the request behind a recorded decision. Facts missing from the record are listed rather than guessed; users
// have their current attributes, and apps their current owners, since past ones are not kept.
import type { AppDefinition, CheckFamily, CheckName, DecisionRecord } from '@crosswalk/protocol'

import { ASSUMED_KEY } from '../assumed-key.ts'
import { parseMoment, parseMomentMs } from '../moment.ts'
import { VOLUME_CLAUSE } from '../rules/clauses.ts'
import type { AssumedExchange } from '../simulation/assume-exchange.ts'

/** A fact that a record may lack. */
export type UnknownFact = 'dpop' | 'authorization_details'

export interface RecordedRequest {
  /** Without the user, who is looked up separately */
  readonly assumed: Omit<AssumedExchange, 'user'>
  readonly unknown: readonly UnknownFact[]
}

/** Why a recorded decision cannot be replayed. */
export type NotReplayable =
  | 'not-an-exchange'
  /** Refused for an error in the request itself, whatever the definitions */
  | 'request-refused'
  /** The record lacks the app, the user or the audience */
  | 'incomplete'

/** Checks, or all of a family, whose failures other definitions may fix or cause. */
const ABOUT_DEFINITIONS: ReadonlySet<string> = new Set<CheckName | CheckFamily>([
  'client.active',
  'subject_token.chain',
  'target',
  'connection',
  'people',
  'blocks',
  'scope.granted',
  'scope.approval',
  'authorization_details',
  'policy',
  'dpop.required',
  'stepup',
])

function isAboutDefinitions(check: string): boolean {
  return ABOUT_DEFINITIONS.has(check) || ABOUT_DEFINITIONS.has(check.split('.')[0] ?? '')
}

export function readRecorded(
  record: DecisionRecord,
  describedApp: AppDefinition | undefined,
): RecordedRequest | NotReplayable {
  if (record.stage !== 'idp.token_exchange') return 'not-an-exchange'
  const failed = record.checks.filter(({ result }) => result === 'fail')
  if (failed.some(({ id }) => !isAboutDefinitions(id))) return 'request-refused'
  return recoverRequest(record, describedApp)
}

/** The same for any recorded exchange, whatever its outcome. */
export function recoverRequest(
  record: DecisionRecord,
  describedApp: AppDefinition | undefined,
): RecordedRequest | 'incomplete' {
  const { requesting_app: app, subject, audience, resource, scope, context } = record.request
  const nowMs = parseMomentMs(record.time)
  if (app === null || subject?.ref === undefined || audience === undefined || nowMs === undefined)
    return 'incomplete'
  const details = record.request.authorization_details ?? record.granted?.authorization_details
  const thumbprint = readThumbprint(record)
  return {
    assumed: {
      decisionId: record.decision_id,
      traceId: record.trace_id,
      nowMs,
      mode: 'replayed',
      app: app.id,
      userId: subject.ref,
      audience,
      resource,
      scope: scope.length === 0 ? undefined : scope.join(' '),
      authorizationDetails: details === undefined ? undefined : JSON.stringify(details),
      authTime: parseMoment(subject.auth_time),
      acr: subject.acr,
      sessionEndsAt: parseMoment(subject.session_ends_at),
      chain: subject.chain,
      dpopThumbprint: typeof thumbprint === 'string' ? thumbprint : undefined,
      ip: typeof context.ip === 'string' ? context.ip : undefined,
      describedApp,
      actor: record.checks.find(({ id, result }) => id === 'request.actor' && result === 'pass')?.ref,
      volumeLastHour: readVolume(record),
    },
    unknown: [
      ...(thumbprint === undefined ? (['dpop'] as const) : []),
      ...(knowsDetails(record) ? [] : (['authorization_details'] as const)),
    ],
  }
}

/** @returns the thumbprint; null if there was no proof; undefined if the record does not state it */
function readThumbprint({ granted, checks, policies }: DecisionRecord): string | null | undefined {
  if (granted !== null) return granted.cnf?.jkt ?? null
  const required = checks.find(({ id }) => id === 'dpop.required')?.result
  if (required === 'pass') return ASSUMED_KEY
  if (required === 'fail') return null
  const seen = listClauses(policies).find(({ text }) => text.startsWith('dpop:'))?.value
  return seen === undefined ? undefined : seen === true ? ASSUMED_KEY : null
}

/** @returns the count of the preceding hour as a rule saw it; undefined if no rule used it */
function readVolume({ checks, policies }: DecisionRecord): number | undefined {
  const limited = checks.find(({ id }) => id === 'policy.volume')?.actual
  if (typeof limited === 'object' && limited !== null && 'volumeLastHour' in limited)
    return typeof limited.volumeLastHour === 'number' ? limited.volumeLastHour : undefined
  const seen = listClauses(policies).find(
    ({ text, result }) => result !== 'unknown' && text.startsWith(VOLUME_CLAUSE),
  )
  return typeof seen?.value === 'number' ? seen.value : undefined
}

function listClauses(policies: DecisionRecord['policies']) {
  return policies.flatMap(({ clauses }) => clauses)
}

/** Details are checked right after scopes, and leave a check if there were any. */
function knowsDetails({ request, granted, checks }: DecisionRecord): boolean {
  if (granted !== null || request.authorization_details !== undefined) return true
  const isReached = checks.some(({ id, result }) => id === 'scope.granted' && result !== 'skipped')
  return isReached && !checks.some(({ id }) => id === 'authorization_details')
}
