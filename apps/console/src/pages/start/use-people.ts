// Names of people by their ids, for lists that show many.
import { useMemo } from 'react'

import { useApi } from '../../api/queries.ts'
import { useCan } from '../../session/session.tsx'

export type People = ReadonlyMap<string, string>

/** Who is not among the first 200 stands by their id. */
export function usePeople(): People {
  const can = useCan()
  const { data } = useApi('users.list', { query: { limit: 200 } }, { enabled: can('users.list') })
  return useMemo(
    () => new Map(data?.body.items.map(({ id, name, username }) => [id, name ?? username])),
    [data],
  )
}
