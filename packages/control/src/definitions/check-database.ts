// Whether a server with this configuration could start on a database: what it would stumble over, without starting it.
import type { ObjectStore } from '@crosswalk/storage'

import type { Configuration } from '../config-file/configuration.ts'
import type { FileFinding, FileProblem } from '../config-file/finding.ts'
import { findClashes } from './check-world.ts'
import { buildFileItems } from './file-world.ts'
import { findUnreadable } from './find-unreadable.ts'
import { UNREADABLE_FIX } from './read-stored.ts'
import { iterateObjects, readStoredItems } from './stored-items.ts'
import { createStoredUsers } from './users/stored-users.ts'

const NO_HASHER = { hash: () => 'not kept', verify: () => false }

/** @param database - its name in the problems */
export async function checkDatabase(
  configuration: Configuration,
  objects: ObjectStore,
  database: string,
): Promise<readonly FileProblem[]> {
  const unreadable = await findUnreadable(objects)
  if (unreadable.length > 0)
    return unreadable.map(({ message: what }) => ({
      ...{ severity: 'error', file: database, line: 1, what, fix: UNREADABLE_FIX },
    }))
  const stored = await readStoredItems((collection) => iterateObjects(objects, collection))
  const storedUsers = createStoredUsers(objects)
  const file = buildFileItems(configuration, NO_HASHER)
  const clashes = await findClashes(file, stored, { ...configuration, storedUsers })
  return clashes.map((clash) => locateClash(clash, configuration))
}

/** Line of a clash in the file; objects of the database have none. */
export function locateClash(
  { path: [collection, id], what, fix }: FileFinding,
  { origin }: Configuration,
): FileProblem {
  const line = origin?.lines[`${String(collection)}/${String(id)}`] ?? 1
  return { severity: 'error', file: origin?.file ?? 'the configuration', line, what, fix }
}
