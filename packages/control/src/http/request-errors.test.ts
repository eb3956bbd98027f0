import { expect, test } from 'vitest'
import { z } from 'zod'

import { readBySchema } from './request-errors.ts'

const zLists = z.object({ lists: z.array(z.array(z.string())) })

test('reports the first hundred mistakes', () => {
  const read = readBySchema(zLists, { lists: [Array.from({ length: 101 }, () => null)] })
  expect('errors' in read && read.errors).toHaveLength(100)
})

test('rejects more mistakes than the library can collect', () => {
  const read = readBySchema(zLists, { lists: [Array.from({ length: 200_000 }, () => null)] })
  expect(read).toEqual({ errors: [{ path: '', problem: 'The body has too many mistakes.' }] })
})
