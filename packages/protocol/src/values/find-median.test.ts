import { expect, test } from 'vitest'

import { findMedian } from './find-median.ts'

test.each([
  [[], undefined],
  [[7], 7],
  [[10, 9], 9.5],
  // By number, not by text
  [[100, 9, 20], 20],
  [[4, 1, 3, 2], 2.5],
])('the median of %j is %s', (values, median) => {
  expect(findMedian(values)).toBe(median)
})
