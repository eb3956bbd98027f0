// Old events are removed up to those that were tampered with, which stay as evidence, and until a legal hold.
import { expect, it, vi } from 'vitest'

import { cutChain } from './cut-chain.ts'

const HOLD = { collection: 'audit-holds', id: 'hold' }

/** @param cut - stands for the database, which refuses a cut during a legal hold */
function run(sound: boolean, cut: (...asked: readonly unknown[]) => Promise<boolean>): Promise<number> {
  const slices = [
    { seq: 3, hash: 'c', count: 3, sound: true },
    { seq: 5, hash: 'e', count: 2, sound },
  ]
  let read = 0
  const parts = {
    storage: { auditCheckpoints: { findOld: async () => slices[read++], cut } },
    seal: { sign: async () => 'signed' },
    clock: { nowMs: () => 0 },
    inTurn: (work: () => Promise<unknown>) => work(),
    isClosing: () => false,
  } as unknown as Parameters<typeof cutChain>[1]
  return cutChain({ log: 'idp', chain: 'idp', before: 0, upTo: 9 }, parts)
}

it.each([
  [false, 3],
  [true, 5],
])('a slice whose hashes are right: %s; removes %d events', async (sound, removed) => {
  expect(await run(sound, async () => true)).toBe(removed)
})

it('removes nothing more once a legal hold begins', async () => {
  const cut = vi.fn(async () => false).mockResolvedValueOnce(true)
  expect(await run(true, cut)).toBe(3)
  expect(cut).toHaveBeenCalledTimes(2)
  expect(cut).toHaveBeenCalledWith(expect.objectContaining({ seq: 5 }), HOLD)
})
