// The inbox of the signed-in user, from all lists on which their role may act.
import { useMemo } from 'react'

import { type PagedList, type CompleteList, useCompleteList } from '../../api/queries.ts'
import { useCan, useSession } from '../../session/session.tsx'
import { OPEN_REQUESTS, OPEN_REVIEW_ITEMS } from '../../session/use-pending.ts'
import {
  EXPIRING_DAYS,
  type InboxItem,
  fromExpiringConnection,
  fromRecommendation,
  fromAccessRequests,
  fromReviewItem,
  sortQueue,
} from './inbox-items.ts'

/** @returns undefined for a role without inbox actions */
export function useInbox(): PagedList<InboxItem> | undefined {
  const can = useCan()
  const { id } = useSession()
  const answers = can('access-requests.approve')
  const decides = can('reviews.decide')
  const sees = can('connection-usage.list')
  const requests = useCompleteList('access-requests.list', OPEN_REQUESTS, { enabled: answers })
  const reviews = useCompleteList('reviews.waiting', OPEN_REVIEW_ITEMS, { enabled: decides })
  const ending = useCompleteList(
    'connection-usage.list',
    { mine: 'true', expiringWithinDays: EXPIRING_DAYS },
    { enabled: sees },
  )
  const recommendations = useRecommendations()
  const items = useMemo(
    () =>
      sortQueue([
        ...fromAccessRequests(requests.items, id),
        ...reviews.items.map(fromReviewItem),
        ...ending.items.map(fromExpiringConnection),
        ...recommendations.items.map(fromRecommendation),
      ]),
    [requests.items, reviews.items, ending.items, recommendations.items, id],
  )
  const lists: readonly CompleteList<unknown>[] = [
    ...(answers ? [requests] : []),
    ...(decides ? [reviews] : []),
    ...(sees ? [ending] : []),
    ...recommendations.lists,
  ]
  return combine(items, lists)
}

/** Excludes items that are only informational. */
function useRecommendations() {
  const enabled = useCan()('recommendations.list')
  const critical = useCompleteList(
    'recommendations.list',
    { mine: 'true', severity: 'critical' },
    { enabled },
  )
  const warning = useCompleteList('recommendations.list', { mine: 'true', severity: 'warning' }, { enabled })
  const items = useMemo(() => [...critical.items, ...warning.items], [critical.items, warning.items])
  return { items, lists: enabled ? [critical, warning] : [] }
}

/**
 * Combines loading and errors of all lists. An incomplete queue must not look complete: if one of them never loaded,
 * there are no items, although the menu loaded some for its count.
 */
function combine(
  items: readonly InboxItem[],
  lists: readonly CompleteList<unknown>[],
): PagedList<InboxItem> | undefined {
  const one =
    lists.find(({ query }) => query.isError) ?? lists.find(({ query }) => query.isPending) ?? lists[0]
  if (one === undefined) return undefined
  return {
    items: lists.some(({ query }) => query.isLoadingError) ? [] : items,
    query: one.query,
    hasMore: lists.some(({ hasMore }) => hasMore),
    showMore() {
      for (const list of lists) if (list.hasMore) list.showMore()
    },
    readOn() {
      for (const list of lists) if (list.hasMore) list.readOn()
    },
  }
}
