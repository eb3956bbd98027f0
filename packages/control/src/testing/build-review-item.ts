// An item of a review for tests: a connection without any use.
import type { ReviewItem } from '@crosswalk/admin-api'

export function buildReviewItem(connection: string): ReviewItem {
  return {
    ...{ connection, app: 'agent', resourceApp: 'todo', owners: [], scopes: [], expiresAt: null },
    suggestion: 'keep',
    evidence: {
      ...{ lastUsedAt: null, uses: 0, people: 0, assigned: 0, grants: [] },
      ...{ usedScopes: [], unusedScopes: [], examined: 0 },
    },
  }
}
