import { MAX_COUNTED } from '@crosswalk/admin-api'
import { expect, it, vi } from 'vitest'

import { createDecisionSummaryHandler } from './decision-summary.ts'

const NOW = 1_800_000_000_000
const DAY_MS = 86_400_000

it.each([
  [MAX_COUNTED - 1, true],
  [MAX_COUNTED, false],
])('a sum of %i decisions, counted up to now, is complete: %s', async (found, complete) => {
  const count = vi.fn(async () => [{ outcome: 'allow', code: null, count: found }])
  const summary = createDecisionSummaryHandler({
    storage: { events: { count } },
    clock: { nowMs: () => NOW },
  } as never)
  const { body } = (await summary(
    { query: { about: 'access' } } as never,
    { caller: { id: 'rita', role: 'owner' } } as never,
  )) as unknown as { body: object }
  expect(body).toMatchObject({ counted: found, complete })
  // The end is exclusive, so a decision of this millisecond counts.
  expect(count).toHaveBeenCalledExactlyOnceWith(
    expect.objectContaining({ since: NOW + 1 - DAY_MS, until: NOW + 1 }),
  )
})
