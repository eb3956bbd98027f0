// How far back tokens may be live: as long as those of the server with the longest lifetime, wherever it is in the list.
import { expect, it } from 'vitest'

import { findOldestLive } from './oldest-live.ts'

const NOW = 1_800_000_000_000

it.each([
  [[], 120],
  [[300, 3600], 3720],
  [[3600, 300], 3720],
])('with lifetimes of %j seconds, %i seconds', (lifetimes, seconds) => {
  const servers = new Map(
    lifetimes.map((accessTokenTtlSeconds, at) => [String(at), { definition: { accessTokenTtlSeconds } }]),
  )
  const world = { 'authorization-servers': servers } as unknown as Parameters<typeof findOldestLive>[0]
  expect(findOldestLive(world, NOW)).toBe(NOW - 1000 * seconds)
})
