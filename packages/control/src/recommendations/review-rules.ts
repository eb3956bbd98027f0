// Rules over access reviews: none for a long time, and access that one removed but that has not ended.
import { DAY_MS } from '@crosswalk/protocol'

import { toMoment } from '../http/to-moment.ts'
import { aboutConnection, ADMINISTRATORS, type Rule } from './recommendation.ts'

const REVIEW_DAYS = 90

export const accessReviewMissing: Rule = {
  id: 'access-review-missing',
  formula: `No access review opened in ${REVIEW_DAYS} days, although there are connections, and events go back that far.`,
  baseline: { days: REVIEW_DAYS },
  concerns: ADMINISTRATORS,
  find({ nowMs, compiled, firstEventAt, lastReviewAt }) {
    const before = nowMs - REVIEW_DAYS * DAY_MS
    const isNew = firstEventAt === undefined || firstEventAt > before
    if (isNew || compiled.world.connections.size === 0 || (lastReviewAt ?? 0) > before) return []
    const days = lastReviewAt === undefined ? null : Math.floor((nowMs - lastReviewAt) / DAY_MS)
    return [
      {
        subject: { kind: 'server', id: 'access-reviews' },
        severity: 'info',
        sentence:
          days === null
            ? 'No access review is on record.'
            : `The last access review was opened ${days} days ago.`,
        values: { lastReviewAt: toMoment(lastReviewAt), days },
        samples: [],
        action: { text: 'Open an access review.', path: '/reviews' },
        since: (lastReviewAt ?? firstEventAt) + REVIEW_DAYS * DAY_MS,
      },
    ]
  },
}

export const removalUnverified: Rule = {
  id: 'removal-unverified',
  formula: 'Access that an access review removed, and that is not verified to have ended a day later.',
  baseline: { days: 1 },
  concerns: ADMINISTRATORS,
  find: ({ nowMs, compiled, pendingRemovals }) =>
    pendingRemovals.flatMap(({ review, connection, decidedAt }) => {
      const definition = compiled.world.connections.get(connection)?.definition
      if (definition === undefined || nowMs - decidedAt < DAY_MS) return []
      return [
        {
          ...aboutConnection(definition, 'warning'),
          sentence: `Access over the connection ${connection} was removed in an access review, but has not ended.`,
          values: { review, decidedAt: new Date(decidedAt).toISOString() },
          action: {
            text: 'See in the access review what still allows it.',
            path: `/reviews/${review}?show=decided`,
          },
          since: decidedAt + DAY_MS,
        },
      ]
    }),
}
