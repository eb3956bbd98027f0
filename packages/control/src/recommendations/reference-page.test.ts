// The reference page has every rule there is, in the order of their names, and keeps its cells apart.
import { RECOMMENDATION_RULES } from '@crosswalk/admin-api'
import { expect, it } from 'vitest'

import type { Rule } from './recommendation.ts'
import { renderRecommendationsPage } from './reference-page.ts'
import { RULES } from './rules.ts'

it('has one row for each rule, and every rule of the API is one', () => {
  const rows = [...renderRecommendationsPage(RULES).matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, id]) => id)
  expect(rows).toEqual([...RECOMMENDATION_RULES])
  expect(rows).toEqual([...RECOMMENDATION_RULES].sort())
})

it('keeps cells apart whatever a formula holds', () => {
  const rule: Rule = {
    ...{ id: 'scope-creep', formula: 'a | b', baseline: { days: 90, ends: null } },
    ...{ concerns: ['owner', 'auditor'], find: () => [] },
  }
  expect(renderRecommendationsPage([rule])).toContain(
    '\n| `scope-creep` | a \\| b | `days` 90, `ends` – | owner, auditor |\n',
  )
})
