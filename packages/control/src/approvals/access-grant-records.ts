// Stores access grants: each takes effect and is durable, together with its audit event, before the response is sent.
import { type LoggedEvent, newId, type OutgoingSecurityEvent } from '@crosswalk/as-core'
import { type ConnectionDefinition, dropUndefined } from '@crosswalk/protocol'
import type { ObjectPut } from '@crosswalk/storage'

import { ACTS } from '../definitions/stored-acts.ts'
import type { NextDefinitions } from '../definitions/preview-world.ts'
import type { AccessGrantRecord } from '../definitions/records.ts'
import { buildAct } from '../audit/change-event.ts'
import { type AdminContext, authorOf } from '../http/context.ts'
import type { Parts } from '../parts.ts'
import {
  buildOverrideEvent,
  checkPolicyTests,
  type SuiteVerdict,
} from '../policy-tests/check-policy-tests.ts'
import type { Problem } from '../http/problem.ts'
import { signalsOfRevokedGrant } from '../security-events/signals-of-change.ts'
import type { SignalsPart } from '../security-events/signals.ts'
import {
  buildRequestChange,
  changedMeanwhile,
  findStoredRequest,
  type RequestChange,
} from './access-request-records.ts'
import { readMeanings } from './scope-approval-records.ts'

interface NewGrant {
  /** Random by default */
  readonly id?: string
  readonly connection: ConnectionDefinition
  /** Id of the user */
  readonly user: string
  readonly scopes: readonly string[]
  readonly until?: string | undefined
  /** Id of the access request that this approves */
  readonly request?: string
  /** Id of the approval rule that approves it */
  readonly rule?: string | undefined
}

export function buildGrant(
  parts: Parts<'directory' | 'clock'>,
  context: AdminContext,
  { id = newId('acg'), connection, user, scopes, until, request, rule }: NewGrant,
): AccessGrantRecord {
  const { app, resourceApp } = connection
  const meanings = readMeanings(parts, connection, scopes)
  return {
    id,
    ...{ connection: connection.id, user, app, resourceApp, state: 'active' },
    scopes: [...new Set(scopes)],
    at: new Date(parts.clock.nowMs()).toISOString(),
    ...authorOf(context),
    ...(Object.keys(meanings).length === 0 ? {} : { meanings }),
    ...dropUndefined({ until, request, rule }),
  }
}

interface ToKeep {
  readonly grant: AccessGrantRecord
  /** The request that this approves; both change in one transaction */
  readonly answered?: RequestChange
}

/**
 * Call inside `inTurn`.
 *
 * @returns why the grant was refused: it would break a policy test and the caller did not override that, or the
 *   request was already decided
 */
export async function storeGrant(
  parts: Parts<'directory' | 'clock'>,
  context: AdminContext,
  { grant, answered }: ToKeep,
): Promise<Problem | undefined> {
  const verdict = await checkGrant(parts, context, grant)
  if ('refusal' in verdict) return verdict.refusal
  const { overridden } = verdict
  const at = parts.clock.nowMs()
  const target = { kind: 'access_grant', id: grant.id }
  const override = overridden.length === 0 ? [] : [buildOverrideEvent(context, at, { target, overridden })]
  const step = describeStep(context, grant, at, override)
  const outcome =
    answered === undefined
      ? await parts.directory.put(step)
      : await parts.directory.changeAll([step, buildRequestChange(parts, context, answered)])
  return outcome.ok ? undefined : changedMeanwhile()
}

/** @returns why the grant would break a policy test, or the tests that the caller overrides */
export function checkGrant(
  parts: Parts<'directory' | 'clock'>,
  context: AdminContext,
  grant: AccessGrantRecord,
): Promise<SuiteVerdict> {
  const { world } = parts.directory.current()
  const next: NextDefinitions = { ...world, accessGrants: new Map(world.accessGrants).set(grant.id, grant) }
  return checkPolicyTests(parts, context, { collections: ['access-grants'], next })
}

interface Closing {
  readonly closed: readonly AccessGrantRecord[]
  readonly steps: readonly ObjectPut[]
}

/** Closes grants that ended, and the requests that led to them. Tokens issued under them are left to expire. */
export async function prepareEnd(
  parts: Parts<'storage' | 'clock'>,
  context: AdminContext,
  grants: readonly AccessGrantRecord[],
): Promise<Closing> {
  return prepareClosing(parts, context, { grants, state: 'ended' })
}

/** Revokes grants, closes the requests that led to them, and tells servers elsewhere. */
export async function prepareRevocation(
  parts: Parts<'directory' | 'storage' | 'clock'> & SignalsPart,
  context: AdminContext,
  grants: readonly AccessGrantRecord[],
): Promise<Closing> {
  const { signals, directory } = parts
  return prepareClosing(parts, context, {
    grants,
    state: 'revoked',
    securityEventsOf: async (grant) =>
      signals.buildEvents(await signalsOfRevokedGrant(grant, directory.current())),
  })
}

interface ToClose {
  readonly grants: readonly AccessGrantRecord[]
  readonly state: 'ended' | 'revoked'
  /** Default: none */
  securityEventsOf?(grant: AccessGrantRecord): Promise<readonly OutgoingSecurityEvent[]>
}

async function prepareClosing(
  parts: Parts<'storage' | 'clock'>,
  context: AdminContext,
  { grants, state, securityEventsOf }: ToClose,
): Promise<Closing> {
  const at = parts.clock.nowMs()
  const over = { at: new Date(at).toISOString(), ...authorOf(context) }
  const closed = grants.map((grant) => ({ ...grant, state, over }))
  const steps: ObjectPut[] = []
  for (const grant of closed) {
    const securityEvents = (await securityEventsOf?.(grant)) ?? []
    steps.push({ ...describeStep(context, grant, at), securityEvents })
  }
  return { closed, steps: [...steps, ...(await buildRequestEnds(parts, context, closed))] }
}

async function buildRequestEnds(
  parts: Parts<'storage' | 'clock'>,
  context: AdminContext,
  grants: readonly AccessGrantRecord[],
): Promise<readonly ObjectPut[]> {
  const ends: ObjectPut[] = []
  for (const id of new Set(grants.flatMap(({ request }) => request ?? []))) {
    const { request } = (await findStoredRequest(parts, id)) ?? {}
    if (request?.state !== 'approved') continue
    const change = { request: { ...request, state: 'ended' as const }, type: 'request.ended' }
    ends.push(buildRequestChange(parts, context, change))
  }
  return ends
}

const EVENT_TYPE = {
  active: 'access_grant.created',
  ended: 'access_grant.ended',
  revoked: 'access_grant.revoked',
} as const satisfies Record<AccessGrantRecord['state'], string>

function describeStep(
  context: AdminContext,
  grant: AccessGrantRecord,
  at: number,
  more: readonly LoggedEvent[] = [],
): ObjectPut {
  const act = buildAct(context, at, {
    collection: ACTS.accessGrants,
    id: grant.id,
    body: grant,
    event: {
      type: EVENT_TYPE[grant.state],
      category: 'governance',
      target: { kind: 'access_grant', id: grant.id },
      on_behalf_of: { user_ref: grant.user },
      delegation: { connection: grant.connection },
      change: { grant },
    },
  })
  return { ...act, event: [act.event, ...more] }
}
