import type { Check } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import { groupChecks } from './check-groups.ts'

const check = (id: string, result: Check['result'] = 'pass'): Check => ({ id, result })

it('shows every check once, also unknown ones, and flags groups with a failure', () => {
  const checks = [
    check('request.form'),
    check('people.active'),
    check('people.connection', 'fail'),
    check('new.thing'),
  ]
  const groups = groupChecks(checks)
  expect(groups.map(({ group, failed }) => [group, failed])).toEqual([
    ['request', false],
    ['users', true],
    ['other', false],
  ])
  expect(groups.flatMap((one) => one.checks)).toHaveLength(checks.length)
})
