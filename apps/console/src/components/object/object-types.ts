// Collections whose pages share history, editing and deleting. Their routes have the same names and shapes, which the type checker cannot see
// through a variable; the necessary casts are here.
import type { Collection } from '@crosswalk/admin-api'

import { sendChange } from '../../api/changes.ts'
import type { CallTo } from '../../api/client.ts'
import { useApi } from '../../api/queries.ts'

export function useRead(collection: Collection, id: string) {
  return useApi(`${collection}.read` as 'apps.read', { params: { id } })
}

export function useHistory(collection: Collection, id: string) {
  return useApi(`${collection}.history` as 'apps.history', { params: { id } })
}

export interface ObjectRevision {
  readonly id: string
  readonly revision: number
}

export function restore(collection: Collection, { id, revision }: ObjectRevision, reason: string) {
  return sendChange(`${collection}.restore` as 'apps.restore', { params: { id }, body: { revision }, reason })
}

export function replace(
  collection: Collection,
  definition: object,
  call: Omit<CallTo<'apps.replace'>, 'body'> & { readonly reason: string },
) {
  const body = definition as CallTo<'apps.replace'>['body']
  return sendChange(`${collection}.replace` as 'apps.replace', { ...call, body })
}

export function deleteObject(
  collection: Collection,
  call: CallTo<'apps.delete'> & { readonly reason: string },
) {
  return sendChange(`${collection}.delete` as 'apps.delete', call)
}
