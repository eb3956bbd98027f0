// What a review says of its decisions, and an item of access that a decision removed.
import type { Review, ReviewItem } from '@crosswalk/admin-api'
import { expect, it } from 'vitest'

import { listRow } from '../admin/table.ts'
import { ITEM_COLUMNS, renderReview } from './render-review.ts'

type Removal = NonNullable<NonNullable<ReviewItem['decision']>['removal']>

const NONE = { simulated: 2, allowed: [], issued: 0, liveTokens: 0, endsBy: null }

function lastLine(removal: Partial<Removal> | undefined): string {
  const at = '2026-06-15T08:00:00.000Z'
  const decision = { decision: 'revoke', by: 'ada', at, reason: 'unused', effectiveAt: at, removal }
  const evidence = { lastUsedAt: null, uses: 0, people: 0, assigned: 2, grants: [], usedScopes: [] }
  const item = {
    ...{ connection: 'agent0-todo0', app: 'agent0', resourceApp: 'todo0', scopes: [], expiresAt: null },
    ...{ evidence: { ...evidence, unusedScopes: [], examined: 0 }, suggestion: 'revoke', decision },
  }
  return listRow(ITEM_COLUMNS, item as unknown as ReviewItem)[1] ?? ''
}

it.each<readonly [string, Partial<Removal> | undefined, string]>([
  ['none', undefined, 'revoke by ada  –'],
  ['verified', { ...NONE, state: 'verified' }, 'revoke by ada  verified'],
  [
    'pending for one reason',
    { ...NONE, state: 'pending', liveTokens: 1 },
    'revoke by ada  pending: 1 live access token',
  ],
  [
    'pending for all reasons',
    {
      ...{ state: 'pending', allowed: ['usr_alice', 'usr_bob'], issued: 2, liveTokens: 3 },
      endsBy: '2026-06-15T08:10:00.000Z',
    },
    'revoke by ada  pending: still allowed: usr_alice, usr_bob; 2 ID-JAGs issued since; 3 live access tokens; tokens from before expire by 2026-06-15T08:10:00.000Z',
  ],
])('a removal: %s', (_, removal, expected) => {
  expect(lastLine(removal).slice(-expected.length)).toBe(expected)
})

it.each<readonly [string, Partial<Review>, readonly string[]]>([
  ['undecided', {}, ['rev_1  Q3  open  0 of 4 decided']],
  [
    'decided',
    {
      state: 'closed',
      counts: { items: 4, undecided: 1, keep: 1, narrow: 0, revoke: 2, suspend: 0 },
      reviewers: [
        { id: 'ada', decided: 2 },
        { id: 'bob', decided: 1 },
      ],
      removals: { pending: 1, verified: 1 },
    },
    [
      'rev_1  Q3  closed  3 of 4 decided',
      'decisions: keep 1, revoke 2',
      'reviewers: ada 2, bob 1',
      'removals: 1 of 2 verified',
    ],
  ],
  [
    'due',
    { dueAt: '2027-01-04T08:00:00.000Z', whenDue: 'wait' },
    ['rev_1  Q3  open  0 of 4 decided', 'due 2027-01-04T08:00:00.000Z'],
  ],
  [
    'due by its schedule',
    { dueAt: '2027-01-04T08:00:00.000Z', whenDue: 'suspend', schedule: 'agents', unusedForDays: 45 },
    [
      'rev_1  Q3  open  0 of 4 decided',
      'opened by review schedule agents',
      'of connections unused for 45 days',
      'due 2027-01-04T08:00:00.000Z, then it closes, and undecided connections are suspended if still unused',
    ],
  ],
])('a review that is %s', (_, more, lines) => {
  const counts = { items: 4, undecided: 4, keep: 0, narrow: 0, revoke: 0, suspend: 0 }
  const about = { id: 'rev_1', name: 'Q3', state: 'open', periodDays: 90, openedBy: 'ada', reason: 'yearly' }
  const none = { counts, reviewers: [], removals: { pending: 0, verified: 0 } }
  expect(renderReview({ ...about, ...none, ...more } as Review)).toEqual(lines)
})
