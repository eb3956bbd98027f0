import { expect, it } from 'vitest'

import { isAffected } from './live.ts'

const DEFINITIONS = { definitions: true, logs: ['admin'] }
const LOGS = { definitions: false, logs: ['idp'] }

it.each([
  ['session', 'session', true, false],
  ['connections', 'connections.list', true, false],
  ['connections', 'connections.facts', true, true],
  ['decisions', 'decisions.list', true, true],
  ['configuration', 'configuration.plan', true, false],
  ['invitations', 'invitations.open', true, false],
  ['discover', 'discover', false, false],
])(
  'repeats %s (%s) after a change of definitions: %s, after decisions: %s',
  (collection, route, one, other) => {
    expect(isAffected([collection, route, {}], DEFINITIONS)).toBe(one)
    expect(isAffected([collection, route, {}], LOGS)).toBe(other)
  },
)
