// One hook for every mutating route. Affected reads are repeated afterwards; nothing is shown as done before the server confirms it.
import type { AdminAnswer } from '@crosswalk/admin-api'
import { useMutation, type UseMutationResult, useQueryClient } from '@tanstack/react-query'

import { adminApi, type AnswerTo, type CallTo, type RouteName } from './client.ts'
import { sendChange } from './override.ts'

export type ChangeOf<N extends RouteName> = CallTo<N> & { readonly reason?: string | undefined }

/** Collections whose reads depend on more than the changed object. */
const ALSO_READ: Readonly<Record<string, readonly string[]>> = {
  groups: ['users'],
  users: ['groups'],
  blocks: ['connections', 'users', 'apps'],
  kill: ['blocks', 'connections', 'users', 'apps'],
  'access-requests': ['access-grants', 'connections', 'reach'],
  'access-grants': ['access-requests', 'connections', 'reach'],
  reviews: ['access-grants', 'connections'],
}

export function useChange<N extends RouteName>(
  name: N,
): UseMutationResult<AdminAnswer<AnswerTo<N>>, Error, ChangeOf<N>> {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ reason, ...call }: ChangeOf<N>) =>
      sendChange((options) => adminApi.call(name, call as unknown as CallTo<N>, options), reason),
    async onSettled() {
      const collection = name.split('.')[0] ?? name
      const touched = [collection, 'audit', ...(ALSO_READ[collection] ?? [])]
      await Promise.all(touched.map((key) => queries.invalidateQueries({ queryKey: [key] })))
    },
  })
}
