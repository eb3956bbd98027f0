// What waits for a decision of the user: access requests, and items of access reviews. The same reads serve the inbox
// and its number in the menu. The server's stream of changes repeats them, so nothing polls.
import { type ItemOf, type PagedList, useList } from '../api/queries.ts'
import { useCan } from './session.tsx'

export const WAITING_REQUESTS = { limit: 200, state: 'open', mine: 'true' } as const
export const WAITING_REVIEWS = { limit: 200, mine: 'true' } as const

export interface Waiting {
  readonly count: number
  /** There are more than were read */
  readonly isMore: boolean
}

/** @returns undefined until read, and for a role that decides nothing */
export function useWaiting(): Waiting | undefined {
  const can = useCan()
  const lists: readonly PagedList<ItemOf<'access-requests.list'> | ItemOf<'reviews.items'>>[] = [
    useList('access-requests.list', WAITING_REQUESTS, { enabled: can('access-requests.approve') }),
    useList('reviews.items', WAITING_REVIEWS, { enabled: can('reviews.decide') }),
  ]
  if (lists.every(({ query }) => query.data === undefined)) return undefined
  return {
    count: lists.reduce((sum, { items }) => sum + items.length, 0),
    isMore: lists.some(({ hasMore }) => hasMore),
  }
}
