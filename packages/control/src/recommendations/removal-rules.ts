// A rule over access that a review removed, but that has not ended.
import { DAY_MS } from '@crosswalk/protocol'

import { aboutConnection, ADMINISTRATORS, type Rule } from './recommendation.ts'

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
