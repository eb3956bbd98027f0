import { expect, it } from 'vitest'

import { createKeyMaintainer } from './key-maintainer.ts'
import type { SigningKeys } from './signing-keys.ts'

it('takes due steps once a minute, and reports a fault', async () => {
  let nowMs = 0
  const rounds: number[] = []
  const faults: unknown[] = []
  const keys = {
    async rotateIfDue() {
      rounds.push(nowMs)
      if (rounds.length === 2) throw new Error('the database does not respond')
      return false
    },
  } as unknown as SigningKeys
  const parts = { clock: { nowMs: () => nowMs }, onFault: (fault: unknown) => void faults.push(fault) }
  const tend = createKeyMaintainer(keys, parts)
  for (nowMs of [59_999, 60_000, 119_999, 120_000, 180_000]) tend()
  await Promise.resolve()
  expect(rounds).toEqual([60_000, 120_000, 180_000])
  await expect.poll(() => faults).toEqual([new Error('the database does not respond')])
})

it('continues at once after the clock was set back', () => {
  let nowMs = 86_400_000
  const rounds: number[] = []
  const keys = { rotateIfDue: async () => rounds.push(nowMs) > 0 } as unknown as SigningKeys
  const tend = createKeyMaintainer(keys, { clock: { nowMs: () => nowMs }, onFault: () => undefined })
  for (nowMs of [1_000, 60_999, 61_000]) tend()
  expect(rounds).toEqual([1_000, 61_000])
})
