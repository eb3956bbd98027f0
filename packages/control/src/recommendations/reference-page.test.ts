// The reference page lists every rule, in the order of their names, and escapes its cells.
import { RECOMMENDATION_RULES } from '@crosswalk/admin-api'
import { expect, it } from 'vitest'

import type { Rule } from './recommendation.ts'
import { renderRecommendationsPage } from './reference-page.ts'
import { RULES } from './rules.ts'

it('has one row for each rule of the API', () => {
  const rows = [...renderRecommendationsPage(RULES).matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, id]) => id)
  expect(rows).toEqual([...RECOMMENDATION_RULES])
  expect(rows).toEqual([...RECOMMENDATION_RULES].sort())
})

it('escapes table delimiters in formulas', () => {
  const rule: Rule = {
    ...{ id: 'scope-creep', formula: 'a | b', baseline: { days: 90, ends: null } },
    ...{ concerns: ['owner', 'auditor'], find: () => [] },
  }
  expect(renderRecommendationsPage([rule])).toContain(
    '\n| `scope-creep` | a \\| b | `days` 90, `ends` – | owner, auditor |\n',
  )
})
