// A review and its items for a reader: what is decided, and what is left of access that a decision removed.
import type { Review, ReviewerPace, ReviewItem } from '@crosswalk/admin-api'

import { count } from '../output.ts'

export const ITEM_COLUMNS: Readonly<Record<string, (item: ReviewItem) => string>> = {
  connection: ({ connection }) => connection,
  'last used': ({ evidence }) => evidence.lastUsedAt ?? 'never',
  uses: ({ evidence }) => String(evidence.uses),
  'used by': ({ evidence }) => String(evidence.people),
  'active users': ({ evidence }) => String(evidence.assigned),
  'unused scopes': ({ evidence }) => evidence.unusedScopes.join(' ') || 'none',
  'added scopes': ({ addedScopes = [] }) => addedScopes.join(' ') || 'none',
  suggested: ({ suggestion }) => suggestion,
  decision: ({ decision }) => (decision === undefined ? '–' : `${decision.decision} by ${decision.by}`),
  removal: ({ decision }) => describeRemoval(decision?.removal),
}

export const REVIEWER_COLUMNS: Readonly<Record<string, (reviewer: ReviewerPace) => string>> = {
  id: ({ id }) => id,
  decided: ({ decided }) => String(decided),
  kept: ({ kept }) => String(kept),
  'seconds between': ({ medianSeconds }) => (medianSeconds === null ? '–' : medianSeconds.toFixed(1)),
  rushed: ({ rushed }) => (rushed ? 'yes' : 'no'),
}

const THEN = {
  wait: '',
  close: ', then it closes, and undecided connections stay as they are',
  suspend: ', then it closes, and undecided connections are suspended',
} as const

export function renderReview(review: Review): readonly string[] {
  const { id, name, state, dueAt, whenDue, schedule, unusedForDays, counts, reviewers, removals } = review
  const { items: _, undecided: __, ...decided } = counts
  const exception = whenDue === 'suspend' && unusedForDays !== undefined ? ' if still unused' : ''
  const removed = removals.pending + removals.verified
  return [
    `${id}  ${name}  ${state}  ${countDecided(review)} decided`,
    ...(schedule === undefined ? [] : [`opened by review schedule ${schedule}`]),
    ...(unusedForDays === undefined ? [] : [`of connections unused for ${count(unusedForDays, 'day')}`]),
    ...(dueAt === undefined ? [] : [`due ${dueAt}${THEN[whenDue]}${exception}`]),
    ...list('decisions', Object.entries(decided)),
    ...list(
      'reviewers',
      reviewers.map((reviewer) => [reviewer.id, reviewer.decided]),
    ),
    ...(removed === 0 ? [] : [`removals: ${removals.verified} of ${removed} verified`]),
  ]
}

/** `decisions: keep 3, revoke 1` */
function list(heading: string, counted: readonly (readonly [string, number])[]): readonly string[] {
  const some = counted.filter(([, number]) => number > 0).map(([name, number]) => `${name} ${number}`)
  return some.length === 0 ? [] : [`${heading}: ${some.join(', ')}`]
}

export function countDecided({ counts: { items, undecided } }: Review): string {
  return `${items - undecided} of ${items}`
}

type Removal = NonNullable<NonNullable<ReviewItem['decision']>['removal']>

function describeRemoval(removal: Removal | undefined): string {
  if (removal === undefined || removal.state === 'verified') return removal?.state ?? '–'
  const { allowed, issued, liveTokens, endsBy } = removal
  const left = [
    ...(allowed.length === 0 ? [] : [`still allowed: ${allowed.join(', ')}`]),
    ...(issued === 0 ? [] : [`${count(issued, 'ID-JAG')} issued since`]),
    ...(liveTokens === 0 ? [] : [count(liveTokens, 'live access token')]),
    ...(endsBy === null ? [] : [`tokens from before expire by ${endsBy}`]),
  ]
  return `pending: ${left.join('; ')}`
}
