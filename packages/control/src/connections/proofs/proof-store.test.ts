import { createSealing } from '@crosswalk/as-core'
import { expect, it, vi } from 'vitest'

import { createProofStore, type ProofRun } from './proof-store.ts'

const NOW = 1_800_000_000_000
const RUN = { proof: 'prf_1', credential: { kind: 'secret', secret: 'of the app' } } as ProofRun

function open() {
  const rows = new Map<string, Record<string, unknown>>()
  const store = {
    upsert: async (model: string, id: string, payload: object) => void rows.set(model + id, { ...payload }),
    find: async (model: string, id: string) => rows.get(model + id),
    async consume(model: string, id: string, at: number) {
      const row = rows.get(model + id)
      if (row === undefined || 'consumed' in row) return false
      row['consumed'] = at
      return true
    },
    destroy: vi.fn(async (model: string, id: string) => void rows.delete(model + id)),
  }
  const sealing = createSealing(new Uint8Array(32))
  return {
    rows,
    store,
    proofs: createProofStore({ store, sealing, clock: { nowMs: () => NOW } } as never),
  }
}

it('a run is stored sealed, is used once, and then leaves no credential behind', async () => {
  const { rows, proofs } = open()
  const state = await proofs.saveRun(RUN)
  expect(JSON.stringify([...rows])).not.toContain('of the app')
  expect(await proofs.findRun(state)).toEqual(RUN)
  expect([await proofs.consumeRun(state), await proofs.consumeRun(state)]).toEqual([true, false])
  expect(rows.size).toBe(0)
})

it('a run that another process has just used is not found', async () => {
  const { proofs, store } = open()
  const state = await proofs.saveRun(RUN)
  store.destroy.mockResolvedValueOnce(undefined)
  await proofs.consumeRun(state)
  expect(await proofs.findRun(state)).toBeUndefined()
})

it.each([
  ['waiting', NOW + 1, 'waiting'],
  ['waiting', NOW, 'expired'],
  ['running', NOW, 'expired'],
  ['done', NOW, 'done'],
] as const)('a %s proof that expires at %i is %s', async (state, expiresAt, shown) => {
  const { proofs } = open()
  await proofs.save({ id: 'prf_1', state, expiresAt: new Date(expiresAt).toISOString() } as never)
  expect(await proofs.find('prf_1')).toMatchObject({ state: shown })
})
