// A review for a reader: its items as a table, and what is left of access that a decision removed.
import type { Review, ReviewItem } from '@crosswalk/admin-api'

import { renderTable } from '../admin/table.ts'
import { count } from '../output.ts'

const COLUMNS: Readonly<Record<string, (item: ReviewItem, review: Review) => string>> = {
  connection: ({ connection }) => connection,
  'last used': ({ evidence }) => evidence.lastUsedAt ?? 'never',
  uses: ({ evidence }) => String(evidence.uses),
  'used by': ({ evidence }) => String(evidence.people),
  'active users': ({ evidence }) => String(evidence.assigned),
  'unused scopes': ({ evidence }) => evidence.unusedScopes.join(' ') || 'none',
  suggested: ({ suggestion }) => suggestion,
  decision: ({ decision }, { state }) =>
    decision === undefined ? (state === 'open' ? 'open' : 'none') : `${decision.decision} by ${decision.by}`,
  removal: ({ decision }) => decision?.removal?.state ?? '–',
}

export function renderReview(review: Review): readonly string[] {
  const { id, name, state, items } = review
  const rows = items.map((item) => Object.values(COLUMNS).map((read) => read(item, review)))
  return [
    `${id}  ${name}  ${state}  ${countDecided(review)} decided`,
    renderTable(Object.keys(COLUMNS), rows).trimEnd(),
    ...items.flatMap(describePending),
  ]
}

export function countDecided({ items }: Review): string {
  return `${items.filter(({ decision }) => decision !== undefined).length} of ${items.length}`
}

function describePending({ connection, decision }: ReviewItem): readonly string[] {
  const removal = decision?.removal
  if (removal === undefined || removal.state === 'verified') return []
  const { allowed, issued, liveTokens, endsBy } = removal
  const left = [
    ...(allowed.length === 0 ? [] : [`still allowed: ${allowed.join(', ')}`]),
    ...(issued === 0 ? [] : [`${count(issued, 'ID-JAG')} issued since`]),
    ...(liveTokens === 0 ? [] : [count(liveTokens, 'live access token')]),
    ...(endsBy === null ? [] : [`tokens from before expire by ${endsBy}`]),
  ]
  return [`◐ ${connection}: access has not ended; ${left.join('; ')}`]
}
