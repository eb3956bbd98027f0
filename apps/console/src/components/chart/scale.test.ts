import { expect, it } from 'vitest'

import { buildScale } from './scale.ts'

it.each([
  [0, [0, 1]],
  [1, [0, 1]],
  [3, [0, 1, 2, 3]],
  [4, [0, 2, 4]],
  [5, [0, 2, 4, 6]],
  [7, [0, 5, 10]],
  [30, [0, 10, 20, 30]],
  [31, [0, 20, 40]],
  [299, [0, 100, 200, 300]],
  [12_345, [0, 5000, 10_000, 15_000]],
])('labels the axis up to %i', (most, scale) => expect(buildScale(most)).toEqual(scale))
