import { expect, it } from 'vitest'

import { inPortions, mapInTurns } from './in-portions.ts'

const count = (to: number) => Array.from({ length: to }, (_, at) => at)

it.each([
  [0, []],
  [1, [1]],
  [3, [3]],
  [4, [3, 1]],
  [7, [3, 3, 1]],
])('yields %i entries in portions of three', async (total, sizes) => {
  const portions: (readonly number[])[] = []
  for await (const some of inPortions(count(total), 3)) portions.push(some)
  expect(portions.map(({ length }) => length)).toEqual(sizes)
  expect(portions.flat()).toEqual(count(total))
})

it('maps in order, with a turn for other work after 250 entries', async () => {
  const order: unknown[] = []
  setImmediate(() => order.push('other work'))
  const made = await mapInTurns(count(251), (entry) => {
    order.push(entry)
    return -entry
  })
  expect(made).toEqual(count(251).map((entry) => -entry))
  expect(order.indexOf('other work')).toBe(250)
})

it('takes no turn for a short list', async () => {
  let turns = 0
  setImmediate(() => (turns += 1))
  await mapInTurns(count(250), String)
  expect(turns).toBe(0)
})
