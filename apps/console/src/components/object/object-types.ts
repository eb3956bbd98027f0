// Collections whose pages share their parts: history, editing, deleting. The routes of each have the same names and
// shapes, which the type checker cannot see through a variable; the casts for it stand here, once.
import type { Collection, ViewOf } from '@crosswalk/admin-api'

import { useChange } from '../../api/changes.ts'
import { useApi } from '../../api/queries.ts'

export type ObjectOf<C extends Collection> = ViewOf<C> & { readonly id: string; readonly revision: number }

export function useHistory(collection: Collection, id: string) {
  return useApi(`${collection}.history` as 'apps.history', { params: { id } })
}

export function useRestore(collection: Collection) {
  return useChange(`${collection}.restore` as 'apps.restore')
}

export function useReplace(collection: Collection) {
  return useChange(`${collection}.replace` as 'apps.replace')
}

export function useDelete(collection: Collection) {
  return useChange(`${collection}.delete` as 'apps.delete')
}
