import type { Check } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import { groupChecks } from './check-groups.ts'

const check = (id: string, result: Check['result'] = 'pass'): Check => ({ id, result })

it('shows every check once, also unknown ones, each group with its worst result', () => {
  const checks = [
    check('request.form'),
    check('people.active'),
    check('people.connection', 'fail'),
    check('scope.catalogue', 'not_applicable'),
    check('scope.connection', 'skipped'),
    check('new.thing'),
    check('new.feature', 'not_applicable'),
  ]
  const groups = groupChecks(checks)
  expect(groups.map(({ group, result }) => [group, result])).toEqual([
    ['request', 'pass'],
    ['users', 'fail'],
    ['scopes', 'skipped'],
    ['other', 'pass'],
  ])
  expect(groups.flatMap((one) => one.checks)).toHaveLength(checks.length)
})
