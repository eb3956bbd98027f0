import { expect, test } from 'vitest'

import { chunk } from './chunk.ts'

test.each([
  { all: [], chunks: [] },
  { all: [1], chunks: [[1]] },
  { all: [1, 2], chunks: [[1, 2]] },
  { all: [1, 2, 3], chunks: [[1, 2], [3]] },
  {
    all: [1, 2, 3, 4],
    chunks: [
      [1, 2],
      [3, 4],
    ],
  },
])('$all in chunks of two', ({ all, chunks }) => {
  expect([...chunk(all, 2)]).toEqual(chunks)
})
