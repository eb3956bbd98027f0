// Reads stored objects: the only place that trusts the content of the database. An object that another version stored, and
// that this version cannot read, is reported by collection, id and member.
import { renderPointer } from '@crosswalk/protocol'
import type { CheckObject, StoredObject } from '@crosswalk/storage'
import type { z } from 'zod'

import { STORED, type StoredName, type StoredOf } from './stored-collections.ts'

export interface Unreadable {
  readonly collection: string
  readonly id: string
  /** The first member that cannot be read, as a JSON Pointer, and why */
  readonly problem: string
}

export const UNREADABLE_FIX =
  'start the version that stored it and delete it there, or restore a backup; `npx crosswalk config check --database` lists all such objects'

export class UnreadableObject extends Error implements Unreadable {
  readonly collection: string
  readonly id: string
  readonly problem: string

  constructor({ collection, id, problem }: Unreadable) {
    super(`${collection}/${id} in the database cannot be read by this version: ${problem}`)
    this.name = 'UnreadableObject'
    this.collection = collection
    this.id = id
    this.problem = problem
  }
}

/** @throws UnreadableObject; fills in defaults of later versions */
export function readStored<N extends StoredName>(
  collection: N,
  { id, body }: Pick<StoredObject, 'id' | 'body'>,
): StoredOf<N> {
  const parsed = STORED[collection].safeParse(body)
  if (!parsed.success)
    throw new UnreadableObject({ collection, id, problem: describeIssue(parsed.error.issues[0]) })
  return parsed.data as StoredOf<N>
}

/**
 * Acts on each, so that one that cannot be read does not hold up the others.
 *
 * @throws UnreadableObject the first, after all others
 */
export async function actOnEach<T>(items: Iterable<T>, act: (item: T) => Promise<void>): Promise<void> {
  let first: UnreadableObject | undefined
  for (const item of items)
    try {
      await act(item)
    } catch (error) {
      if (!(error instanceof UnreadableObject)) throw error
      first ??= error
    }
  if (first !== undefined) throw first
}

/** For every object that is stored. @throws UnreadableObject if it could not be read back as it is */
export function checkReadable({ collection, ...object }: Parameters<CheckObject>[0]): void {
  if (!isStoredName(collection)) throw new TypeError(`${collection} is not a collection of stored objects`)
  const dropped = findDropped(object.body, readStored(collection, object))
  if (dropped !== undefined) throw new TypeError(`the schema of ${collection} has no member ${dropped}`)
}

/** @returns the first member that reading drops, because the schema does not have it */
function findDropped(body: unknown, read: unknown): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined
  if (typeof read !== 'object' || read === null) return ''
  for (const [name, value] of Object.entries(body)) {
    if (value === undefined) continue
    const kept: unknown = Object.hasOwn(read, name) ? (read as Record<string, unknown>)[name] : undefined
    if (kept === undefined) return name
    const inside = findDropped(value, kept)
    if (inside !== undefined) return `${name}.${inside}`
  }
  return undefined
}

function isStoredName(name: string): name is StoredName {
  return Object.hasOwn(STORED, name)
}

function describeIssue(issue: z.core.$ZodIssue | undefined): string {
  const { path = [], message = 'is not valid' } = issue ?? {}
  return path.length === 0 ? message : `${renderPointer(path)}: ${message}`
}
