// Collections whose pages share history, editing and deleting. Their routes have the same names and shapes, which the type checker cannot see
// through a variable; the necessary casts are here.
import type { Collection } from '@crosswalk/admin-api'

import { useChange } from '../../api/changes.ts'
import type { CallTo } from '../../api/client.ts'
import { useApi } from '../../api/queries.ts'

export function useRead(collection: Collection, id: string) {
  return useApi(`${collection}.read` as 'apps.read', { params: { id } })
}

export function useHistory(collection: Collection, id: string) {
  return useApi(`${collection}.history` as 'apps.history', { params: { id } })
}

export function useRestore(collection: Collection) {
  return useChange(`${collection}.restore` as 'apps.restore')
}

interface Replacement {
  readonly id: string
  readonly etag: string
  readonly definition: object
  readonly reason: string | undefined
}

export function useReplace(collection: Collection) {
  const { mutateAsync } = useChange(`${collection}.replace` as 'apps.replace')
  return ({ id, etag, definition, reason }: Replacement) => {
    const body = definition as CallTo<'apps.replace'>['body']
    return mutateAsync({ params: { id }, ifMatch: etag, body, reason })
  }
}

export function useDelete(collection: Collection) {
  return useChange(`${collection}.delete` as 'apps.delete')
}
