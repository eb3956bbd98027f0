// The object of a request, if it exists and may be changed; otherwise the reason why not.
import type { Collection, ViewOf } from '@crosswalk/admin-api'

import type { DefinitionOf, Item } from '../definitions/records.ts'
import type { AdminContext } from '../http/context.ts'
import { checkIfMatch } from '../http/etag.ts'
import type { Parts } from '../parts.ts'
import type { SignalsPart } from '../security-events/signals.ts'
import type { RevokerPart } from '../respond/access-revoker.ts'
import type { VaultPart } from '../vault/vault.ts'
import { buildProblem, conflict, isProblem, type Problem } from '../http/problem.ts'
import { findDefined, renderObject } from '../views/render-object.ts'
import { findShown } from '../views/read-objects.ts'

/** What changing an object and enforcing the consequences needs. */
export type WriteParts = Parts<
  'configuration' | 'directory' | 'storage' | 'clock' | 'hasher' | 'hashPassword'
> &
  RevokerPart &
  VaultPart &
  SignalsPart

/** A request to change one object. */
export interface Target<C extends Collection = Collection> {
  readonly parts: WriteParts
  readonly context: AdminContext
  readonly collection: C
}

interface Found<C extends Collection> {
  readonly view: ViewOf<C>
  readonly item: Item<DefinitionOf<C>>
}

export async function findChangeable<C extends Collection>(
  { parts, context, collection }: Target<C>,
  id: string,
): Promise<Found<C> | Problem> {
  const view = await findShown(parts, collection, id, context)
  if (isProblem(view)) return view
  const item = await findDefined(parts.directory.current(), collection, id)
  if (item === undefined)
    return conflict(
      `Group ${id} exists only because users list it. Change the users, or create a group ${id} with members.`,
    )
  if (item.owner === 'file') return ownedByFile(parts, collection, id)
  return checkIfMatch(context.ifMatch, view) ?? { view, item }
}

export function ownedByFile(
  { configuration }: Parts<'configuration'>,
  collection: Collection,
  id: string,
): Problem {
  const { file, lines } = configuration.origin ?? {}
  const line = lines?.[`${collection}/${id}`]
  const where =
    file === undefined ? 'the configuration file' : line === undefined ? file : `${file}, line ${line}`
  return buildProblem('owned-by-file', {
    detail: `${collection}/${id} is defined in ${where}. Change it there and restart the server; suspending and resuming work here.`,
  })
}

export function describeItem(
  { configuration }: Parts<'configuration'>,
  collection: Collection,
  item: Item<{ readonly id: string }>,
): string {
  const { id } = item.definition
  const line = configuration.origin?.lines[`${collection}/${id}`]
  const where =
    item.owner === 'file' ? ` of the configuration file${line === undefined ? '' : `, line ${line}`}` : ''
  return `${collection}/${id}${where}`
}

export function checkIdpRuns({ parts, collection }: Target): Problem | undefined {
  if (parts.configuration.idp !== undefined || collection === 'authorization-servers') return undefined
  return conflict('This server runs no identity provider. Add `idp:` to its configuration file.')
}

export function stale(): Problem {
  return buildProblem('stale', { detail: 'The object was changed in the meantime. Read it again.' })
}

export async function show<C extends Collection>(
  { parts, collection }: Target<C>,
  id: string,
): Promise<ViewOf<C>> {
  const view = await renderObject(parts.directory.current(), collection, id, parts.clock.nowMs())
  if (view === undefined) throw new Error(`${collection}/${id} disappeared right after it was written`)
  return view
}
