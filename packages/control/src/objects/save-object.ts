// Stores a validated definition: checks it against all others, writes it together with its audit event, and enforces
// the consequences.
import type { Collection } from '@crosswalk/admin-api'
import { renderPointer, type ConnectionDefinition } from '@crosswalk/protocol'
import type { ObjectPut } from '@crosswalk/storage'

import { checkCandidate, withDefinition } from '../definitions/check-world.ts'
import type { DefinitionOf, Item } from '../definitions/records.ts'
import { warmSchemas } from '../definitions/warm-schemas.ts'
import type { ObjectDifference } from '../audit/change-event.ts'
import { checkChange } from './check-change.ts'
import type { Prepared } from '../definitions/collections/collection.ts'
import { buildProblem, forbidden, type Problem } from '../http/problem.ts'
import { invalidRequest, listErrors } from '../http/read-request.ts'
import { forgetRemoved } from '../respond/forget-user.ts'
import { refuseEvasion } from '../respond/stopped-connection.ts'
import { revokeAfterChange } from './after-change.ts'
import { describeChange } from './describe-change.ts'
import { describeEnds } from './describe-ends.ts'
import { stale, type Target } from './target.ts'
import { isInScope } from '../http/scope.ts'

/**
 * Checks, stores and enforces; all consequences are complete once this resolves.
 *
 * @param change - `alongside`: further changes of the same transaction
 */
export async function saveObject<C extends Collection>(
  target: Target<C>,
  prepared: Prepared<C>,
  {
    verb,
    item,
    alongside = [],
  }: {
    readonly verb: ObjectDifference['verb']
    readonly item: Item<DefinitionOf<C>> | undefined
    readonly alongside?: readonly ObjectPut[]
  },
): Promise<Problem | undefined> {
  const { parts, context, collection } = target
  const { definition, password } = prepared
  await warmSchemas([definition])
  const problem =
    refuseForeignClient(target, definition, item?.definition) ??
    checkStopped(target, item?.definition, definition) ??
    (await checkDefinition(target, definition))
  if (problem !== undefined) return problem
  const next = withDefinition(parts.directory.current().world, { collection, definition })
  const verdict = await checkChange(parts, context, { collections: [collection], next })
  if ('refusal' in verdict) return verdict.refusal
  // A process that died after the removal may have left something.
  if (collection === 'users' && item === undefined) await forgetRemoved(parts, context, definition.id)
  const passwordHash = typeof password === 'string' ? await parts.hashPassword(password) : password
  const at = parts.clock.nowMs()
  const { overridden } = verdict
  const described = await describeChange(target, { verb, id: definition.id, item, prepared, at, overridden })
  const outcome = await parts.directory.changeAll([
    { ...described, passwordHash },
    ...(await describeEnds(target, { before: item?.definition, after: definition })),
    ...alongside,
  ])
  if (!outcome.ok) return stale()
  await revokeAfterChange(target, { before: item?.definition, after: definition, password })
  return undefined
}

/** @param after - undefined for a deletion */
export function checkStopped<C extends Collection>(
  { parts, collection, context }: Target<C>,
  before: DefinitionOf<C> | undefined,
  after: DefinitionOf<C> | undefined,
): Problem | undefined {
  if (collection !== 'connections' || before === undefined) return undefined
  const change = { before, after } as Parameters<typeof refuseEvasion>[2]
  return refuseEvasion(parts, context.caller, change)
}

async function checkDefinition<C extends Collection>(
  { parts, collection }: Target<C>,
  definition: DefinitionOf<C>,
): Promise<Problem | undefined> {
  const candidate = { collection, definition }
  const { own, isTaken, others } = await checkCandidate(
    parts.directory.current(),
    candidate,
    parts.configuration,
  )
  if (own.length > 0) {
    const errors = own.map(({ path, what, fix }) => ({ path: renderPointer(path), problem: what, fix }))
    return isTaken ? listErrors('exists', errors) : invalidRequest(errors)
  }
  if (others.length === 0) return undefined
  const referrers = [...new Set(others.map(({ path }) => `${String(path[0])}/${String(path[1])}`))]
  return buildProblem('referenced', {
    detail: others
      .map(({ what }) => what)
      .join('; ')
      .slice(0, 2000),
    referrers,
  })
}

/** @param before - the current object, which may keep its client */
function refuseForeignClient<C extends Collection>(
  target: Target<C>,
  definition: DefinitionOf<C>,
  before: DefinitionOf<C> | undefined,
): Problem | undefined {
  if (target.collection !== 'connections') return undefined
  const wanted = definition as ConnectionDefinition
  const had = before as ConnectionDefinition | undefined
  if (wanted.clientId === had?.clientId && wanted.resourceApp === had?.resourceApp) return undefined
  return isOfOtherApp(target, wanted)
    ? forbidden(
        `Client ${wanted.clientId} belongs to another app at this resource app. Ask an administrator.`,
      )
    : undefined
}

function isOfOtherApp({ parts, context }: Target, { clientId, resourceApp }: ConnectionDefinition): boolean {
  const { connections, 'resource-apps': resourceApps } = parts.directory.current().world
  const issuerOf = (id: string) => resourceApps.get(id)?.definition.issuer
  return (
    clientId !== undefined &&
    [...connections.values()].some(
      ({ definition: other }) =>
        other.clientId === clientId &&
        issuerOf(other.resourceApp) === issuerOf(resourceApp) &&
        !isInScope(context.caller, 'connections', other),
    )
  )
}
