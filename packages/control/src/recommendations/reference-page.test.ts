// The reference page has every rule there is, in the order of their names, and keeps its cells apart.
import { HINT_RULES } from '@crosswalk/admin-api'
import { expect, it } from 'vitest'

import type { Rule } from './hint.ts'
import { renderHintsPage } from './reference-page.ts'
import { RULES } from './rules.ts'

it('has one row for each rule, and every rule of the API is one', () => {
  const rows = [...renderHintsPage(RULES).matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, id]) => id)
  expect(rows).toEqual([...HINT_RULES])
  expect(rows).toEqual([...HINT_RULES].sort())
})

it('keeps cells apart whatever a formula holds', () => {
  const rule: Rule = {
    ...{ id: 'scope-creep', formula: 'a | b', baseline: { days: 90, ends: null } },
    ...{ concerns: ['owner', 'auditor'], find: () => [] },
  }
  expect(renderHintsPage([rule])).toContain(
    '\n| `scope-creep` | a \\| b | `days` 90, `ends` – | owner, auditor |\n',
  )
})
