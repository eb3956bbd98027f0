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
