// Reviews of connections: opened with evidence, decided item by item by users without an interest in them, and closed.
import type { reviewRoutes } from '@crosswalk/admin-api'

import type { Handlers } from '../http/context.ts'
import { listPage, sortByTime } from '../http/list-page.ts'
import type { WriteParts } from '../objects/target.ts'
import type { Parts } from '../parts.ts'
import { isProblem, type Problem } from '../http/problem.ts'
import { closeReview } from './close-review.ts'
import { decideItem } from './decide-item.ts'
import { exportEvidence } from './evidence.ts'
import { listItems, listWaiting } from './list-items.ts'
import { measurePace } from './measure-pace.ts'
import { openReview } from './open-review.ts'
import type { RemovalParts } from './check-removal.ts'
import { findReview, listReviews, summarizeReview } from './review-records.ts'

export function createReviewHandlers(
  parts: WriteParts & RemovalParts & Parts<'inTurn'>,
): Pick<Handlers, keyof typeof reviewRoutes> {
  const answer = <T extends object>(body: T | Problem) =>
    isProblem(body) ? body : { status: 200 as const, body }
  return {
    async 'reviews.list'({ query }) {
      const { found, unreadable } = await listReviews(parts)
      const reviews = sortByTime([...found.values()], ({ openedAt }) => openedAt)
      const { state, schedule } = query
      const find = (key: string) => {
        const review = reviews.get(key)
        const isWanted =
          (state === undefined || review?.state === state) &&
          (schedule === undefined || review?.schedule === schedule)
        return review !== undefined && isWanted ? summarizeReview(parts, review) : undefined
      }
      return listPage([...reviews.keys()], query, find, unreadable)
    },
    'reviews.waiting': ({ query }, context) => listWaiting(parts, context, query),
    async 'reviews.read'({ params: { id } }) {
      const review = await findReview(parts, id)
      return isProblem(review) ? review : answer(await summarizeReview(parts, review))
    },
    'reviews.items': ({ params: { id }, query }, context) => listItems(parts, context, { id, query }),
    async 'reviews.reviewers'({ params: { id }, query }) {
      const review = await findReview(parts, id)
      if (isProblem(review)) return review
      const paces = new Map((await measurePace(parts, review)).map((pace) => [pace.id, pace]))
      return listPage([...paces.keys()], query, (reviewer) => paces.get(reviewer))
    },
    'reviews.create': ({ body }, context) => openReview(parts, context, body),
    'reviews.decide': async ({ params: { id, connection }, body }, context) =>
      answer(await decideItem(parts, context, { id, connection, input: body })),
    'reviews.close': async ({ params: { id }, body }, context) =>
      answer(await closeReview(parts, context, { id, suspends: body.undecided === 'suspend' })),
    'reviews.evidence': ({ params: { id } }, context) => exportEvidence(parts, context, id),
  }
}
