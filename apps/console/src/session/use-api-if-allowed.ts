import type { AdminAnswer } from '@crosswalk/admin-api'
import type { UseQueryResult } from '@tanstack/react-query'

import type { AnswerTo, CallTo, RouteName } from '../api/client.ts'
import { type ReadOptions, useApi } from '../api/queries.ts'
import { useCan } from './session.tsx'

/** Like `useApi`, but sends no request and returns no data if the role may not read it. */
export function useApiIfAllowed<N extends RouteName>(
  name: N,
  call: CallTo<N>,
  { enabled = true, ...options }: ReadOptions = {},
): UseQueryResult<AdminAnswer<AnswerTo<N>>> {
  const can = useCan()
  return useApi(name, call, { ...options, enabled: enabled && can(name) })
}
