// Lists undecided items of open reviews, and whether the caller may decide them, by the same rule as the decision
// itself.
import { type Review, ROUTES, type WaitingReviewItem } from '@crosswalk/admin-api'

import type { AdminContext, Handlers } from '../http/context.ts'
import { listPage } from '../http/list-page.ts'
import type { Parts } from '../parts.ts'
import { findReviewObstacle } from './decide-item.ts'
import { listReviews } from './review-records.ts'

type Query = Parameters<Handlers['reviews.items']>[0]['query']

export async function listWaiting(
  parts: Parts<'configuration' | 'directory' | 'storage'>,
  context: AdminContext,
  query: Query,
): ReturnType<Handlers['reviews.items']> {
  const open = (await listReviews(parts)).filter(
    ({ id, state }) => state === 'open' && (query.review === undefined || query.review === id),
  )
  const waiting = new Map(open.flatMap((review) => listUndecided(review)))
  return listPage([...waiting.keys()].sort(), query, async (key) => {
    const found = waiting.get(key)
    const shown = found === undefined ? undefined : await describe(parts, context, found)
    return query.mine === true && !isTheirs(shown, context) ? undefined : shown
  })
}

function isTheirs(shown: WaitingReviewItem | undefined, { caller: { role } }: AdminContext): boolean {
  return shown?.own === null && ROUTES['reviews.decide'].roles.includes(role)
}

type Found = Pick<WaitingReviewItem, 'review' | 'item'>

/** Review ids grow with time, so sorting by id sorts by age. */
function listUndecided({ id, name, openedAt, dueAt, periodDays, items }: Review): [string, Found][] {
  const review = { id, name, openedAt, dueAt: dueAt ?? null, periodDays }
  return items
    .filter(({ decision }) => decision === undefined)
    .map((item) => [`${id} ${item.connection}`, { review, item }])
}

async function describe(
  parts: Parts<'configuration' | 'directory' | 'storage'>,
  { caller }: AdminContext,
  { review, item }: Found,
): Promise<WaitingReviewItem> {
  const connection = parts.directory.current().world.connections.get(item.connection)
  const own =
    connection === undefined
      ? 'the connection no longer exists'
      : await findReviewObstacle(parts, connection, caller)
  return { review, item, own: own ?? null }
}
