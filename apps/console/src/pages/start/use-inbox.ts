// The inbox of the signed-in user, from all lists on which their role may act.
import { useMemo } from 'react'

import { type PagedList, type WholeList, useWholeList } from '../../api/queries.ts'
import { useCan } from '../../session/session.tsx'
import { WAITING_REQUESTS, WAITING_REVIEWS } from '../../session/use-waiting.ts'
import {
  ENDING_DAYS,
  type InboxItem,
  ofEnding,
  ofRecommendation,
  ofRequest,
  ofReviewItem,
  sortQueue,
} from './inbox-items.ts'

/** @returns undefined for a role without inbox actions */
export function useInbox(): PagedList<InboxItem> | undefined {
  const can = useCan()
  const answers = can('access-requests.approve')
  const decides = can('reviews.decide')
  const sees = can('connection-usage.list')
  const requests = useWholeList('access-requests.list', WAITING_REQUESTS, { enabled: answers })
  const reviews = useWholeList('reviews.items', WAITING_REVIEWS, { enabled: decides })
  const ending = useWholeList(
    'connection-usage.list',
    { mine: 'true', expiringWithinDays: ENDING_DAYS },
    { enabled: sees },
  )
  const recommendations = useRecommendations()
  const items = useMemo(
    () =>
      sortQueue([
        ...requests.items.map(ofRequest),
        ...reviews.items.map(ofReviewItem),
        ...ending.items.map(ofEnding),
        ...recommendations.items.map(ofRecommendation),
      ]),
    [requests.items, reviews.items, ending.items, recommendations.items],
  )
  const lists: readonly WholeList<unknown>[] = [
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
  const critical = useWholeList('recommendations.list', { mine: 'true', severity: 'critical' }, { enabled })
  const warning = useWholeList('recommendations.list', { mine: 'true', severity: 'warning' }, { enabled })
  const items = useMemo(() => [...critical.items, ...warning.items], [critical.items, warning.items])
  return { items, lists: enabled ? [critical, warning] : [] }
}

/** Combines loading and errors of all lists, since an incomplete queue must not look complete. */
function combine(
  items: readonly InboxItem[],
  lists: readonly WholeList<unknown>[],
): PagedList<InboxItem> | undefined {
  const one =
    lists.find(({ query }) => query.isError) ?? lists.find(({ query }) => query.isPending) ?? lists[0]
  if (one === undefined) return undefined
  return {
    items,
    query: one.query,
    hasMore: lists.some(({ hasMore }) => hasMore),
    showMore() {
      for (const list of lists) if (list.hasMore) list.showMore()
    },
  }
}
