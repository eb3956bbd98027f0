// What the user has to decide: access requests, and items of access reviews. The inbox and its count in the menu share
// these reads. The server's stream of changes repeats them, so nothing polls.
import { MAX_PAGE } from '@crosswalk/admin-api'

import { type ItemOf, type PagedList, useList } from '../api/queries.ts'
import { useCan } from './session.tsx'

export const OPEN_REQUESTS = { limit: MAX_PAGE, state: 'open', mine: 'true' } as const
export const OPEN_REVIEW_ITEMS = { limit: MAX_PAGE, mine: 'true' } as const

export interface Pending {
  readonly count: number
  /** There are more than were read */
  readonly isMore: boolean
}

/** @returns undefined until read, and for a role that decides nothing */
export function usePending(): Pending | undefined {
  const can = useCan()
  const lists: readonly PagedList<ItemOf<'access-requests.list'> | ItemOf<'reviews.waiting'>>[] = [
    useList('access-requests.list', OPEN_REQUESTS, { enabled: can('access-requests.approve') }),
    useList('reviews.waiting', OPEN_REVIEW_ITEMS, { enabled: can('reviews.decide') }),
  ]
  if (lists.every(({ query }) => query.data === undefined)) return undefined
  return {
    count: lists.reduce((sum, { items }) => sum + items.length, 0),
    isMore: lists.some(({ hasMore }) => hasMore),
  }
}
