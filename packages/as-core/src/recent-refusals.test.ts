import type { DecisionRecord } from '@crosswalk/protocol'
import { expect, test } from 'vitest'

import { createRecentRefusals } from './recent-refusals.ts'

const refusal = (id: string, code = 'XAA1101') => ({ decision_id: id, code }) as DecisionRecord

test('keeps the most recent refusals, newest first, and counts all of them', () => {
  const recent = createRecentRefusals(2)
  recent.add(refusal('a'))
  recent.add(refusal('b', 'XAA1103'))
  expect(recent.list().map(({ decision_id: id }) => id)).toEqual(['b', 'a'])
  recent.add(refusal('c'))
  expect(recent.list().map(({ decision_id: id }) => id)).toEqual(['c', 'b'])
  expect([recent.find('a'), recent.find('b')?.code]).toEqual([undefined, 'XAA1103'])
  expect([...recent.counts()]).toEqual([
    ['XAA1101', 2],
    ['XAA1103', 1],
  ])
})

test('keeps fewer if they are large: a caller without a client cannot fill the memory', () => {
  const recent = createRecentRefusals()
  const large = 'x'.repeat(100_000)
  for (let index = 0; index < 100; index += 1)
    recent.add({ ...refusal(`large-${index}`), request: { scope: [large] } } as unknown as DecisionRecord)
  expect(recent.list()).toHaveLength(39)
  expect(recent.list()[0]?.decision_id).toBe('large-99')
  for (let index = 0; index < 1000; index += 1) recent.add(refusal(`small-${index}`))
  expect(recent.list()).toHaveLength(1000)
})

test('keeps refusals although thousands of requests are rejected because of load', () => {
  const recent = createRecentRefusals(20)
  for (const id of ['a', 'b', 'c']) {
    recent.add(refusal(id))
    for (let index = 0; index < 100; index += 1) recent.add(refusal(`${id}-${index}`, 'XAA9003'))
  }
  expect(recent.list().map(({ decision_id: id }) => id)).toEqual(['c-99', 'c-98', 'c', 'b', 'a'])
  expect(recent.counts().get('XAA9003')).toBe(300)
})
