// Changes objects of the database: create, change, replace, delete, restore. Each change is checked like the
// configuration file, and becomes durable together with its audit event.
import {
  type Collection,
  COLLECTIONS,
  type InputOf,
  READ_ONLY_MEMBERS,
  type ViewOf,
} from '@crosswalk/admin-api'

import { findBrokenBy, withoutDefinition } from '../definitions/check-world.ts'
import type { Prepared } from '../definitions/collections/collection.ts'
import { isSame } from '../definitions/differences.ts'
import type { DefinitionOf, Item } from '../definitions/records.ts'
import { parseStoredDefinition } from '../definitions/stored-items.ts'
import { describeFormerUser, findFormerUsers } from '../definitions/users/former-users.ts'
import { readBySchema } from '../http/request-errors.ts'
import { buildEtag, checkIfSent } from '../http/etag.ts'
import { mergePatch } from '../http/merge-patch.ts'
import type { Parts } from '../parts.ts'
import { checkChange } from './check-change.ts'
import { buildProblem, isProblem, type Problem } from '../http/problem.ts'
import { invalidRequest, listErrors, omitMembers } from '../http/read-request.ts'
import { chooseId } from '../http/repeated.ts'
import { checkOwnSettings, isInScope, outsideScope } from '../http/scope.ts'
import { findReferrers, showDefinition } from '../definitions/collections/registry.ts'
import { revokeAfterChange } from './after-change.ts'
import { findShown, objectNotFound } from '../views/read-objects.ts'
import { findDefined } from '../views/render-object.ts'
import { describeChange } from './describe-change.ts'
import { describeEnds } from './describe-ends.ts'
import { omitFormerAlternative } from './former-alternative.ts'
import { prepare } from './prepare.ts'
import { checkStopped, saveObject } from './save-object.ts'
import { showSecrets, withCurrentSecrets } from './secrets-shown.ts'
import {
  checkIdpRuns,
  describeItem,
  findChangeable,
  ownedByFile,
  show,
  stale,
  type Target,
} from './target.ts'

export async function createObject<C extends Collection>(target: Target<C>, input: InputOf<C>) {
  const { parts, collection, context } = target
  const problem = checkIdpRuns(target)
  if (problem !== undefined) return problem
  const { id } = input
  if (!isInScope(context.caller, collection, input)) return outsideScope()
  const taken = await findDefined(parts.directory.current(), collection, id)
  if (taken !== undefined && isRepeated(target, input, taken)) return describeCreated(target, id)
  if (taken !== undefined) return describeTaken(target, taken)
  const isFormer = collection === 'users' && (await findFormerUsers(parts.storage.objects, [id])).includes(id)
  if (isFormer) return listErrors('exists', [{ path: '/id', ...describeFormerUser(id) }])
  const prepared = prepare(parts, { collection, input, previous: undefined })
  const refused = await saveObject(target, prepared, { verb: 'created', item: undefined })
  if (refused !== undefined) return refused
  const { body, ...created } = await describeCreated(target, id)
  return { ...created, body: showSecrets(collection, body, prepared.made) }
}

function describeTaken<C extends Collection>(
  { parts, collection, context }: Target<C>,
  taken: Item<DefinitionOf<C>>,
) {
  const { definition } = taken
  const what = isInScope(context.caller, collection, definition)
    ? describeItem(parts, collection, taken)
    : `${collection}/${definition.id}`
  return buildProblem('exists', { detail: `${what} already exists.` })
}

async function describeCreated<C extends Collection>(target: Target<C>, id: string) {
  const view = await show(target, id)
  const location = `${locate(target.parts, target.collection)}/${encodeURIComponent(id)}`
  // The tag of what a read returns, so without a secret that is shown once.
  return { status: 201, body: view, headers: { location, etag: buildEtag(view) } }
}

/**
 * Whether the id derives from the idempotency key and the object matches the request; the secret is not shown again.
 */
function isRepeated<C extends Collection>(
  target: Target<C>,
  input: InputOf<C>,
  { definition }: Item<DefinitionOf<C>>,
): boolean {
  const { parts, context, collection } = target
  if (chooseId(COLLECTIONS[collection].prefix, context) !== input.id) return false
  const asked = prepare(parts, { collection, input, previous: definition }).definition
  return (
    JSON.stringify(showDefinition(collection, asked)) ===
    JSON.stringify(showDefinition(collection, definition))
  )
}

/** @param build - builds the new object from the current view */
export async function changeObject<C extends Collection>(
  target: Target<C>,
  id: string,
  build: (shown: ViewOf<C>) => InputOf<C> | Problem,
) {
  const { parts, collection, context } = target
  const found = await findChangeable(target, id)
  if (isProblem(found)) return found
  const { view, item } = found
  const input = build(view)
  if (isProblem(input)) return input
  if (input.id !== id) return invalidRequest([{ path: '/id', problem: `must stay ${id}` }])
  const prepared = prepare(parts, { collection, input, previous: item.definition })
  const before = showDefinition(collection, item.definition)
  const after = showDefinition(collection, prepared.definition)
  const refusal =
    (isInScope(context.caller, collection, prepared.definition) ? undefined : outsideScope()) ??
    (collection === 'apps' ? checkOwnSettings(context.caller, before, after) : undefined)
  if (refusal !== undefined) return refusal
  // Directories send whole users again although nothing changed: that is no revision, and no event.
  if (isUnchanged(prepared, item)) return { status: 200, body: view, headers: { etag: buildEtag(view) } }
  const refused = await saveObject(target, prepared, { verb: 'changed', item })
  if (refused !== undefined) return refused
  const now = await show(target, id)
  return {
    status: 200,
    body: showSecrets(collection, now, prepared.made),
    headers: { etag: buildEtag(now) },
  }
}

function isUnchanged<C extends Collection>(
  { definition, password, secretChanged }: Prepared<C>,
  item: Item<DefinitionOf<C>>,
): boolean {
  return password === undefined && !secretChanged && isSame(definition, item.definition)
}

/** Applies a patch to the view. The view has no password, so removing one is handled separately (RFC 7396). */
export function applyPatch<C extends Collection>(
  collection: C,
  patch: Readonly<Record<string, unknown>>,
): (shown: ViewOf<C>) => InputOf<C> | Problem {
  return (shown) => {
    const kept = omitFormerAlternative(COLLECTIONS[collection].input, shown, patch)
    const merged = mergePatch(kept, patch) as Readonly<Record<string, unknown>>
    const own = omitMembers(merged, READ_ONLY_MEMBERS[collection])
    const whole = collection === 'users' && patch.password === null ? { ...own, password: null } : own
    const read = readBySchema(COLLECTIONS[collection].input, whole)
    return 'data' in read ? (read.data as InputOf<C>) : invalidRequest(read.errors)
  }
}

export async function deleteObject<C extends Collection>(target: Target<C>, id: string) {
  const { parts, collection, context } = target
  const found = await findChangeable(target, id)
  if (isProblem(found)) return found
  const { item } = found
  const compiled = parts.directory.current()
  const candidate = { collection, definition: item.definition }
  const referrers = new Set([
    ...findReferrers(compiled.world, collection, id),
    ...(await findBrokenBy(compiled, candidate, parts.configuration)),
  ])
  if (referrers.size > 0) {
    const detail = `${collection}/${id} is still referenced by ${[...referrers].slice(0, 10).join(', ')}.`
    return buildProblem('referenced', { detail, referrers: [...referrers] })
  }
  const evasion = checkStopped(target, item.definition, undefined)
  if (evasion !== undefined) return evasion
  const next = withoutDefinition(parts.directory.current().world, collection, id)
  const verdict = await checkChange(parts, context, { collections: [collection], next })
  if ('refusal' in verdict) return verdict.refusal
  const at = parts.clock.nowMs()
  const { overridden } = verdict
  const change = { verb: 'deleted', id, item, prepared: undefined, at, overridden } as const
  const outcome = await parts.directory.changeAll([
    await describeChange(target, change),
    ...(await describeEnds(target, { before: item.definition, after: undefined })),
  ])
  if (!outcome.ok) return stale()
  await revokeAfterChange(target, { before: item.definition, after: undefined })
  return { status: 204 }
}

export async function restoreObject<C extends Collection>(target: Target<C>, id: string, revision: number) {
  const { parts, collection, context } = target
  const item = await findDefined(parts.directory.current(), collection, id)
  const shown = item === undefined ? undefined : await findShown(parts, collection, id, context)
  if (shown !== undefined && isProblem(shown)) return shown
  if (item?.owner === 'file') return ownedByFile(parts, collection, id)
  const revisions = await parts.storage.objects.history(collection, id)
  const history = revisions.filter(({ body }) => isInScope(context.caller, collection, body ?? {}))
  if (history.length === 0) return objectNotFound(collection, id)
  const conflict = checkIfSent(context.ifMatch, shown)
  if (conflict !== undefined) return conflict
  const past = history.find((entry) => entry.revision === revision)
  if (past?.body === undefined)
    return invalidRequest([
      {
        path: '/revision',
        problem: past === undefined ? 'is not a revision of this object' : 'removed the object',
      },
    ])
  const old = parseStoredDefinition(collection, id, past.body)
  const definition = withCurrentSecrets(collection, old, item?.definition)
  const refused = await saveObject(
    target,
    { definition, made: new Map(), secretChanged: false },
    { verb: 'restored', item },
  )
  return refused ?? { status: 200, body: await show(target, id) }
}

function locate({ configuration }: Parts<'configuration'>, collection: Collection): string {
  return `${configuration.baseUrl}/admin/api/v1/${collection}`
}
