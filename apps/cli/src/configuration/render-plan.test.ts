import type { ConfigurationPlan } from '@crosswalk/admin-api'
import { expect, it } from 'vitest'

import { renderPlan } from './render-plan.ts'

const change = (more: object) => ({
  ...{ action: 'change', collection: 'connections', id: 'a-b', differences: [], secrets: [], byHand: [] },
  ...more,
})
const render = (changes: readonly object[], more: object = {}) =>
  renderPlan({
    changes,
    problems: [],
    failedTests: [],
    unchanged: 2,
    revision: 7,
    ...more,
  } as unknown as ConfigurationPlan)

it.each([
  [['a', 'b'], ['b', 'c'], '-a +c'],
  [['a', 'b'], ['b', 'a'], '["a","b"] → ["b","a"]'],
  [[], ['a'], '+a'],
  [undefined, ['a'], 'nothing → ["a"]'],
  ['x', undefined, '"x" → nothing'],
  [1, 'y'.repeat(80), `1 → "${'y'.repeat(59)}…`],
])('a difference between %j and %j', (before, after, expected) => {
  const differences = [{ path: 'scopes', before, after }]
  expect(render([change({ differences })])).toBe(
    `1 to change, 2 unchanged (revision 7)\n~ connections/a-b\n    scopes: ${expected}\n`,
  )
})

it('counts what it would do, and marks each object', () => {
  const actions = ['create', 'change', 'delete', 'extra', 'blocked']
  const differences = [{ path: 'name', before: 'a', after: 'b' }]
  const lines = render(actions.map((action) => change({ action, differences, where: 'prod.yaml:3' }))).split(
    '\n',
  )
  expect(lines[0]).toBe(
    '1 to create, 1 to change, 1 to delete, 1 not in the document, 1 owned by the file, 2 unchanged (revision 7)',
  )
  expect(lines.filter((line) => !line.startsWith(' ')).slice(1, 6)).toEqual([
    '+ connections/a-b  prod.yaml:3',
    '~ connections/a-b  prod.yaml:3',
    '- connections/a-b  prod.yaml:3',
    '? connections/a-b  in the database only; --prune deletes it, prod.yaml:3',
    '! connections/a-b  owned by the configuration file of the server, prod.yaml:3',
  ])
  // A new object has no differences.
  expect(lines.filter((line) => line.includes('name:'))).toHaveLength(4)
})

it('shows secrets and changes by hand', () => {
  const byHand = [
    { at: 'today', by: 'ada', revision: 5, removed: false, reason: 'incident' },
    { at: 'yesterday', by: 'bob', revision: 4, removed: true },
  ]
  expect(
    render([change({ secrets: ['auth.secret'], byHand })])
      .split('\n')
      .slice(2),
  ).toEqual([
    '    auth.secret is set',
    '    by hand: changed today by ada, revision 5: incident',
    '    by hand: removed yesterday by bob, revision 4',
    '',
  ])
})

it('says that nothing differs only if the documents have no problems', () => {
  expect(render([])).toBe('✓ no differences: 2 objects unchanged (revision 7)\n')
  expect(render([], { problems: [{}] })).toBe('the documents have problems (revision 7)\n')
})
