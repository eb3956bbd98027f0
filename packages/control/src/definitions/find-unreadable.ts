// Finds the stored objects that this version cannot read, for a start and for the commands that check a database.
import type { ObjectStore } from '@crosswalk/storage'

import { StartError } from '../config-file/start-error.ts'
import { UNREADABLE_FIX, UnreadableObject } from './read-stored.ts'
import { STORED_NAMES, type StoredName } from './stored-collections.ts'
import { readCollection } from './stored-items.ts'

export async function findUnreadable(
  objects: Pick<ObjectStore, 'page'>,
  names: readonly StoredName[] = STORED_NAMES,
): Promise<readonly UnreadableObject[]> {
  const all: UnreadableObject[] = []
  for (const name of names) all.push(...(await readCollection(objects, name)).unreadable)
  return all
}

/** Objects that decide about access: without one of them, a server could allow what it must deny. */
export async function requireReadable<T>(
  objects: Pick<ObjectStore, 'page'>,
  names: readonly StoredName[],
  read: () => Promise<T>,
): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof UnreadableObject)) throw error
    const all = await findUnreadable(objects, names)
    throw new StartError(all.map(({ message }) => message).join('; '), UNREADABLE_FIX, { cause: error })
  }
}
