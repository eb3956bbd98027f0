// What a review says of access that a decision removed.
import type { Review, ReviewItem } from '@crosswalk/admin-api'
import { expect, it } from 'vitest'

import { renderReview } from './render-review.ts'

type Removal = NonNullable<NonNullable<ReviewItem['decision']>['removal']>

const NONE = { simulated: 2, allowed: [], issued: 0, liveTokens: 0, endsBy: null }

function lastLines(removal: Partial<Removal> | undefined): readonly string[] {
  const at = '2026-06-15T08:00:00.000Z'
  const decision = { decision: 'revoke', by: 'ada', at, reason: 'unused', effectiveAt: at, removal }
  const evidence = { lastUsedAt: null, uses: 0, people: 0, assigned: 2, grants: [], usedScopes: [] }
  const item = {
    ...{ connection: 'agent0-todo0', app: 'agent0', resourceApp: 'todo0', scopes: [], expiresAt: null },
    ...{ evidence: { ...evidence, unusedScopes: [], examined: 0 }, suggestion: 'revoke', decision },
  }
  const review = { id: 'rev_1', name: 'Q3', state: 'open', items: [item] } as unknown as Review
  return renderReview(review).join('\n').split('\n').slice(2)
}

it.each<readonly [string, Partial<Removal> | undefined, readonly unknown[]]>([
  ['none', undefined, [/revoke by ada {2}–$/]],
  ['verified', { ...NONE, state: 'verified' }, [/verified$/]],
  [
    'pending for one reason',
    { ...NONE, state: 'pending', liveTokens: 1 },
    [/pending$/, '◐ agent0-todo0: access has not ended; 1 live access token'],
  ],
  [
    'pending for all reasons',
    {
      ...{ state: 'pending', allowed: ['usr_alice', 'usr_bob'], issued: 2, liveTokens: 3 },
      endsBy: '2026-06-15T08:10:00.000Z',
    },
    [
      /pending$/,
      '◐ agent0-todo0: access has not ended; still allowed: usr_alice, usr_bob; 2 ID-JAGs issued since; 3 live access tokens; tokens from before expire by 2026-06-15T08:10:00.000Z',
    ],
  ],
])('a removal: %s', (_, removal, expected) => {
  const lines = lastLines(removal)
  expect(lines).toEqual(expected.map((line) => (line instanceof RegExp ? expect.stringMatching(line) : line)))
})
