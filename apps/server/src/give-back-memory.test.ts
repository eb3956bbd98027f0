import { expect, test } from 'vitest'

import { createMemoryWatch } from './give-back-memory.ts'

const MIB = 1024 * 1024
const LEFT = 180 * MIB

test.each([
  ['a quiet minute after a busy one', 0.0099, LEFT + 32 * MIB, true],
  ['a minute that was not quiet', 0.01, LEFT + 320 * MIB, false],
  ['a quiet minute with little to give back', 0, LEFT + 32 * MIB - 1, false],
])('%s', (_, utilization, residentBytes, collects) => {
  let collected = 0
  const look = createMemoryWatch(() => {
    collected += 1
    return LEFT
  })
  expect(collected).toBe(1)
  look({ utilization, residentBytes })
  expect(collected).toBe(collects ? 2 : 1)
})

test('what is needed for good is not asked for again', () => {
  const left = [LEFT, LEFT + 100 * MIB]
  const look = createMemoryWatch(() => left.shift() ?? Number.NaN)
  for (let minute = 0; minute < 3; minute += 1)
    look({ utilization: 0, residentBytes: LEFT + 100 * MIB + minute * MIB })
  expect(left).toEqual([])
})
