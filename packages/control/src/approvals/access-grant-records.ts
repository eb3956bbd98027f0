// Access grants as they are kept: in force, and durable together with their audit event, before the caller is answered.
import { type LoggedEvent, newId } from '@crosswalk/as-core'
import { type ConnectionDefinition, dropUndefined } from '@crosswalk/protocol'
import type { ObjectPut } from '@crosswalk/storage'

import { ACTS } from '../definitions/stored-acts.ts'
import type { Next } from '../definitions/preview-world.ts'
import type { AccessGrantRecord } from '../definitions/records.ts'
import { buildAdminEvent } from '../audit/change-event.ts'
import { type AdminContext, byWhom } from '../http/context.ts'
import type { Parts } from '../parts.ts'
import { buildOverrideEvent, checkPolicyTests } from '../policy-tests/check-policy-tests.ts'
import type { Problem } from '../http/problem.ts'
import { buildRequestChange, decidedMeanwhile, type RequestChange } from './access-request-records.ts'
import { readMeanings } from './scope-approval-records.ts'

interface NewGrant {
  readonly connection: ConnectionDefinition
  /** Id of the user */
  readonly user: string
  readonly scopes: readonly string[]
  readonly until?: string | undefined
  /** Id of the access request that is approved */
  readonly request?: string
}

export function buildGrant(
  parts: Parts<'directory' | 'clock'>,
  context: AdminContext,
  { connection, user, scopes, until, request }: NewGrant,
): AccessGrantRecord {
  const { id, app, resourceApp } = connection
  const meanings = readMeanings(parts, connection, scopes)
  return {
    id: newId('acg'),
    ...{ connection: id, user, app, resourceApp, state: 'active' },
    scopes: [...new Set(scopes)],
    at: new Date(parts.clock.nowMs()).toISOString(),
    ...byWhom(context),
    ...(Object.keys(meanings).length === 0 ? {} : { meanings }),
    ...dropUndefined({ until, request }),
  }
}

interface ToKeep {
  readonly grant: AccessGrantRecord
  /** The request it answers, which changes together with it or not at all */
  readonly answered?: RequestChange
}

/**
 * Called in turn.
 *
 * @returns why nothing was granted: it would break a policy test, and that is not overridden, or the request it answers
 *   was decided meanwhile
 */
export async function keepGrant(
  parts: Parts<'directory' | 'clock'>,
  context: AdminContext,
  { grant, answered }: ToKeep,
): Promise<Problem | undefined> {
  const { world } = parts.directory.current()
  const next: Next = { ...world, accessGrants: new Map(world.accessGrants).set(grant.id, grant) }
  const verdict = await checkPolicyTests(parts, context, { collections: ['access-grants'], next })
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
  return outcome.ok ? undefined : decidedMeanwhile()
}

type Over = 'ended' | 'revoked'

/** In one change. Users who had access by one of them have it no more when this resolves. */
export async function closeGrants(
  parts: Parts<'directory' | 'clock'>,
  context: AdminContext,
  grants: readonly AccessGrantRecord[],
  state: Over,
): Promise<readonly AccessGrantRecord[]> {
  const at = parts.clock.nowMs()
  const over = { at: new Date(at).toISOString(), ...byWhom(context) }
  const closed = grants.map((grant) => ({ ...grant, state, over }))
  if (closed.length > 0)
    await parts.directory.changeAll(closed.map((grant) => describeStep(context, grant, at)))
  return closed
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
  const event = buildAdminEvent(context, at, {
    type: EVENT_TYPE[grant.state],
    category: 'governance',
    target: { kind: 'access_grant', id: grant.id },
    on_behalf_of: { user_ref: grant.user },
    delegation: { connection: grant.connection },
    change: { grant },
  })
  return {
    collection: ACTS.accessGrants,
    id: grant.id,
    body: grant,
    at,
    ...byWhom(context),
    event: () => [event, ...more],
  }
}
