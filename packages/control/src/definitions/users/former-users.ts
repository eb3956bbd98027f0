// A removed user's id stays theirs: records, accounts and tokens at resources name users by it, and it is never given to
// another user (JAG-05). The history of the database is the memory of it.
import { inPortions } from '@crosswalk/as-core'
import type { ObjectStore } from '@crosswalk/storage'

/** @returns the ids that belonged to users of the database who were removed */
export async function findFormerUsers(
  objects: Pick<ObjectStore, 'filterRemoved'>,
  ids: readonly string[],
): Promise<readonly string[]> {
  const found: string[] = []
  for await (const some of inPortions(ids)) found.push(...(await objects.filterRemoved('users', some)))
  return found
}

/** What to do about it */
export function describeFormerUser(id: string): { readonly problem: string; readonly fix: string } {
  return {
    problem: `${id} is the id of a user who was deleted`,
    fix: `choose another id, or restore the user if it is the same one; \`npx crosswalk user history ${id}\` lists its revisions`,
  }
}
