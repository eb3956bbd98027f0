// Old events are removed up to those that were tampered with, which stay as evidence.
import { expect, it, vi } from 'vitest'

import { cutChain } from './cut-chain.ts'

it.each([
  [false, 3],
  [true, 5],
])('a slice whose hashes are right: %s; removes %d events', async (sound, removed) => {
  const slices = [
    { seq: 3, hash: 'c', count: 3, sound: true },
    { seq: 5, hash: 'e', count: 2, sound },
  ]
  const cut = vi.fn(async () => undefined)
  const parts = {
    storage: { auditCheckpoints: { findOld: async () => slices[cut.mock.calls.length], cut } },
    seal: { sign: async () => 'signed' },
    clock: { nowMs: () => 0 },
    inTurn: (work: () => Promise<unknown>) => work(),
    isClosing: () => false,
  } as unknown as Parameters<typeof cutChain>[1]
  expect(await cutChain({ log: 'idp', chain: 'idp', before: 0, upTo: 9 }, parts)).toBe(removed)
})
