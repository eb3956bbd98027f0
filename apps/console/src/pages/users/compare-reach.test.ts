import { expect, it } from 'vitest'

import { compareReach } from './compare-reach.ts'

const way = (connection: string, scopes: string[], afterStepUp: string[] = []) => ({
  app: 'agent0',
  connection,
  resourceApp: 'todo0',
  resource: 'https://todo0.test/mcp',
  scopes,
  afterStepUp: afterStepUp.length === 0 ? [] : [{ scopes: afterStepUp }],
})

it.each([
  ['nothing changes', [way('a', ['r'])], [way('a', ['r'])], []],
  ['a way opens', [], [way('a', ['r', 'w'])], [['r', 'w', [], false]]],
  ['a way opens without a scope', [], [way('a', [])], [[[], false]]],
  ['a way closes', [way('a', ['r'])], [], [[[], 'r', false]]],
  ['a scope moves behind a step-up', [way('a', ['r'])], [way('a', [], ['r'])], []],
  ['a scope is gained behind a step-up', [way('a', ['r'])], [way('a', ['r'], ['w'])], [['w', [], true]]],
] as const)('%s', (_, now, then, changes) => {
  const found = compareReach(now as never, then as never)
  expect(found).toHaveLength(changes.length)
  expect(found.map(({ gained, lost, afterStepUp }) => [...gained, ...lost, afterStepUp].flat())).toEqual(
    changes.map((change) => change.flat()),
  )
})
