import { expect, it } from 'vitest'

import { compareReach } from './compare-reach.ts'

const reach = (connection: string, scopes: string[], afterStepUp: string[] = []) => ({
  app: 'agent0',
  connection,
  resourceApp: 'todo0',
  resource: 'https://todo0.test/mcp',
  scopes,
  afterStepUp: afterStepUp.length === 0 ? [] : [{ scopes: afterStepUp }],
})

it.each([
  ['nothing changes', [reach('a', ['r'])], [reach('a', ['r'])], []],
  ['access is gained', [], [reach('a', ['r', 'w'])], [['r', 'w', [], false]]],
  ['access is gained without a scope', [], [reach('a', [])], [[[], false]]],
  ['access is lost', [reach('a', ['r'])], [], [[[], 'r', false]]],
  ['a scope moves behind a step-up', [reach('a', ['r'])], [reach('a', [], ['r'])], []],
  ['a scope is gained behind a step-up', [reach('a', ['r'])], [reach('a', ['r'], ['w'])], [['w', [], true]]],
] as const)('%s', (_, now, then, changes) => {
  const found = compareReach(now as never, then as never)
  expect(found).toHaveLength(changes.length)
  expect(found.map(({ gained, lost, afterStepUp }) => [...gained, ...lost, afterStepUp].flat())).toEqual(
    changes.map((change) => change.flat()),
  )
})
