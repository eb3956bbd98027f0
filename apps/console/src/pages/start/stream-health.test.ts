import { expect, it } from 'vitest'

import { findStreamHealth } from './stream-health.ts'

const well = { lagSeconds: 0, failing: false, behind: false }

it.each([
  ['none', [], { count: 0, failing: 0, behind: 0, lagSeconds: 0 }],
  ['all well', [well, well], { count: 2, failing: 0, behind: 0, lagSeconds: 0 }],
  [
    'on its way',
    [{ ...well, behind: true, lagSeconds: 59 }],
    { count: 1, failing: 0, behind: 0, lagSeconds: 59 },
  ],
  [
    'late',
    [well, { ...well, behind: true, lagSeconds: 60 }],
    { count: 2, failing: 0, behind: 1, lagSeconds: 60 },
  ],
  [
    'failing, which says more than late',
    [{ failing: true, behind: true, lagSeconds: 3600 }, well],
    { count: 2, failing: 1, behind: 0, lagSeconds: 3600 },
  ],
])('%s', (_, streams, health) => {
  expect(findStreamHealth(streams)).toEqual(health)
})
