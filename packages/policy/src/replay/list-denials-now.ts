// Whether an ID-JAG would still be issued: evaluates the recorded decision that issued it again under the current
// definitions. One rule covers everything that removes access: connections, apps, assignments, groups, users, policies,
// blocks.
import {
  type AppDefinition,
  type DecisionRecord,
  type EpochSeconds,
  type Granted,
  isObject,
  RESERVED_ID_JAG_CLAIMS,
  type ResourceAppDefinition,
} from '@crosswalk/protocol'

import { evaluateExchange } from '../evaluate-exchange.ts'
import { buildStatements } from '../exchange/build-id-jag.ts'
import { parseMoment } from '../moment.ts'
import type { EvaluatedUser } from '../users.ts'
import { assumeExchange } from '../simulation/assume-exchange.ts'
import { recoverRequest } from './read-recorded.ts'
import type { Side } from './replay-decision.ts'

export interface DenialQuestion extends Side {
  /** The app as it describes itself, if it is not registered */
  readonly describedApp: AppDefinition | undefined
  readonly nowMs: number
  /** Of the ID-JAG; without them, its statements about the user are not compared */
  readonly claims?: Readonly<Record<string, unknown>> | undefined
}

/**
 * Values other than a code: it would be issued, but for another subject (`renamed`), for another client id of the app
 * (`other-client`), for access that has ended meanwhile (`ended`), with less than it has (`narrowed`), or with this claim
 * missing or changed.
 */
export type DenialNow =
  | DecisionRecord['code']
  | 'renamed'
  | 'other-client'
  | 'ended'
  | 'narrowed'
  | `claim ${string}`

/** @returns every reason why the ID-JAG would no longer be issued as it was, the decisive one first; none if it would */
export function listDenialsNow(record: DecisionRecord, question: DenialQuestion): readonly DenialNow[] {
  const { snapshot, users, describedApp } = question
  const request = recoverRequest(record, describedApp)
  if (request === 'incomplete' || record.granted === null) return ['incomplete']
  const { assumed } = request
  const facts = assumeExchange({ ...assumed, user: users.get(assumed.userId) }, snapshot)
  const again = evaluateExchange(facts, snapshot)
  if (again.outcome !== 'allow' || again.granted === null) {
    const failed = again.checks.flatMap(({ result, code }) => (result === 'fail' ? (code ?? []) : []))
    return [...new Set([again.code, ...failed])]
  }
  const about = {
    app: snapshot.apps.get(again.request.requesting_app?.id ?? ''),
    user: facts.user,
    resourceApp: snapshot.resourceApps.get(again.resolution.resource_app ?? ''),
    issuedAt: Math.floor(parseMoment(record.time) ?? 0),
  }
  const loss = findLoss({ then: record.granted, now: again.granted }, about, question)
  return loss === undefined ? [] : [loss]
}

/** @returns what the same grant would lack now */
function findLoss(
  { then, now }: { readonly then: Granted; readonly now: Granted },
  { app, user, resourceApp, issuedAt }: GrantAbout,
  { nowMs, claims }: DenialQuestion,
): DenialNow | undefined {
  // Another app had this id.
  if (issuedAt < (app?.registeredAt ?? 0)) return 'XAA1101'
  const hasExpired = issuedAt + now.lifetime_seconds <= nowMs / 1000
  if (!isSameSubject(now, then)) return 'renamed'
  if (now.client_id !== then.client_id) return 'other-client'
  if (now.session_expiry !== undefined && now.session_expiry <= nowMs / 1000) return 'ended'
  if (hasExpired || !covers(now, then)) return 'narrowed'
  if (claims === undefined || resourceApp === undefined || user === undefined) return undefined
  return findLostClaim(claims, { granted: now, resourceApp, user })
}

interface GrantAbout {
  readonly app: AppDefinition | undefined
  readonly user: EvaluatedUser | undefined
  readonly resourceApp: ResourceAppDefinition | undefined
  readonly issuedAt: EpochSeconds
}

const TENANTS_AND_NAMES: readonly string[] = ['tenant', 'aud_tenant', 'sub_id']

/** @returns the first claim about the user that would no longer be stated; additional claims do not matter */
function findLostClaim(
  said: Readonly<Record<string, unknown>>,
  about: Omit<Parameters<typeof buildStatements>[0], 'pairwise'>,
): `claim ${string}` | undefined {
  // A pairwise identifier depends only on the user's id and the audience, which are unchanged.
  const { sub_id: named } = said
  const pairwise = () => String(isObject(named) ? named['nameid'] : '')
  const now = buildStatements({ ...about, pairwise })
  const lost = Object.keys(said).find(
    (name) =>
      (TENANTS_AND_NAMES.includes(name) || !RESERVED_ID_JAG_CLAIMS.has(name)) &&
      !coversValue(now[name], said[name]),
  )
  return lost === undefined ? undefined : `claim ${lost}`
}

function coversValue(now: unknown, then: unknown): boolean {
  const isSame = (one: unknown) => (other: unknown) => JSON.stringify(one) === JSON.stringify(other)
  if (Array.isArray(now) && Array.isArray(then)) return then.every((one) => now.some(isSame(one)))
  return isSame(now)(then)
}

function isSameSubject({ audience, subject }: Granted, then: Granted): boolean {
  return (
    audience === then.audience &&
    subject.strategy === then.subject.strategy &&
    subject.value === then.subject.value
  )
}

function covers(now: Granted, then: Granted): boolean {
  return (
    then.scope.every((one) => now.scope.includes(one)) &&
    coversResources(now.resource, then.resource) &&
    (now.session_expiry ?? Infinity) >= (then.session_expiry ?? Infinity)
  )
}

/** Without any resource, an ID-JAG is for every resource of its audience. */
function coversResources(now: readonly string[], then: readonly string[]): boolean {
  return now.length === 0 || (then.length > 0 && then.every((one) => now.includes(one)))
}
