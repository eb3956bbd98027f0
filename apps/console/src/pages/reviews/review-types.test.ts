import { expect, it } from 'vitest'

import { findScopesInUse, type ReviewItem } from './review-types.ts'

it.each([
  [['read', 'write'], ['read'], ['read']],
  [['read'], ['read', 'removed'], ['read']],
  [['read'], [], []],
])('a connection with %j of which %j were used would keep %j', (scopes, usedScopes, kept) => {
  const evidence = { usedScopes } as unknown as ReviewItem['evidence']
  expect(findScopesInUse({ scopes, evidence })).toEqual(kept)
})
