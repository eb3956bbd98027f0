// How many connections apps have and when they were used, for the rows of a list.
import type { AnswerTo } from '@crosswalk/admin-api'
import { useMemo } from 'react'

import { useApi } from '../../api/queries.ts'

export type App = AnswerTo<'apps.read'>
export type AppFacts = AnswerTo<'apps.facts'>['items'][number]

const MOST = 200

export function useAppFacts(apps: readonly { readonly id: string }[]): ReadonlyMap<string, AppFacts> {
  const ids = apps.map(({ id }) => id).slice(0, MOST)
  const { data } = useApi(
    'apps.facts',
    { query: { ids: ids.join('\n') } },
    { enabled: ids.length > 0, keepPrevious: true },
  )
  return useMemo(() => new Map(data?.body.items.map((fact) => [fact.id, fact])), [data])
}
