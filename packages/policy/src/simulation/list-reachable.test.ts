import { expect, it } from 'vitest'

import { makeFacts, makeSnapshot, withConnection, withResourceApp } from '../testing/exchange-world.ts'
import { listReachable } from './list-reachable.ts'

function listWith(count: number) {
  const ids = Array.from({ length: count }, (_, at) => `https://todo0.test/${at}`)
  const resources = ids.map((id) => ({ id, scopes: ['todos.read', 'todos.write'] }))
  const world = makeSnapshot({
    ...withResourceApp({ resources }),
    connections: (withConnection({ resources: ids }).connections ?? []).filter(
      ({ resourceApp }) => resourceApp === 'todo0',
    ),
  })
  const answer = listReachable(makeFacts(), world)
  return answer.state === 'listed' ? [answer.items.length, answer.complete] : answer
}

it('calls a list of reachable resources complete only if nothing was cut off', () => {
  expect(listWith(500)).toEqual([500, true])
  expect(listWith(501)).toEqual([500, false])
})
