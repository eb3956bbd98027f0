// An in-memory `SignInStore` for tests, with the same guarantees because it is single-threaded. Copies rows in and out.
import type { Clock } from '@crosswalk/as-core'

import type { SignInStore } from '../../ports.ts'

interface Row {
  readonly payload: Record<string, unknown>
  readonly expiresAtMs: number
}

export interface MemorySignInStore extends SignInStore {
  /** Number of live rows of a model. */
  count(model: string): number
  /** The live rows of a model. */
  list(model: string): readonly { readonly id: string; readonly payload: Record<string, unknown> }[]
}

export function createMemorySignInStore(clock: Clock): MemorySignInStore {
  const models = new Map<string, Map<string, Row>>()
  const rowsOf = (model: string) => {
    const rows = models.get(model) ?? new Map<string, Row>()
    models.set(model, rows)
    return rows
  }
  const live = (row: Row | undefined) =>
    row !== undefined && row.expiresAtMs > clock.nowMs() ? row : undefined
  const refuseNul = (text: string) => {
    if (text.includes('\0')) throw new Error('PostgreSQL has no text with U+0000 in it')
  }
  const findBy = (model: string, member: string, value: string) => {
    refuseNul(value)
    const row = [...rowsOf(model).values()].find(({ payload }) => payload[member] === value)
    return structuredClone(live(row)?.payload)
  }
  return {
    async upsert(model, id, payload, expiresInSeconds) {
      const expiresAtMs = expiresInSeconds === undefined ? Infinity : clock.nowMs() + expiresInSeconds * 1000
      const consumed = live(rowsOf(model).get(id))?.payload['consumed']
      const kept = consumed === undefined ? payload : { ...payload, consumed }
      rowsOf(model).set(id, { payload: structuredClone(kept), expiresAtMs })
    },
    async saveLater(model, id, payload, expiresAt) {
      if ((rowsOf(model).get(id)?.expiresAtMs ?? -1) >= expiresAt * 1000) return false
      rowsOf(model).set(id, { payload: structuredClone(payload), expiresAtMs: expiresAt * 1000 })
      return true
    },
    async update(model, id, { id: nextId, payload, expiresInSeconds }) {
      if (!rowsOf(model).has(id)) return
      const consumed = rowsOf(model).get(id)?.payload['consumed']
      rowsOf(model).delete(id)
      await this.upsert(model, nextId, payload, expiresInSeconds)
      if (consumed !== undefined) await this.consume(model, nextId, Number(consumed))
    },
    async find(model, id) {
      refuseNul(id)
      return structuredClone(live(rowsOf(model).get(id))?.payload)
    },
    findByUid: async (model, uid) => findBy(model, 'uid', uid),
    async findAllByUid(uid) {
      refuseNul(uid)
      return [...models.keys()].flatMap((model) =>
        this.list(model)
          .filter(({ payload }) => payload['uid'] === uid)
          .map(({ payload }) => ({ model, payload })),
      )
    },
    findByUserCode: async (model, userCode) => findBy(model, 'userCode', userCode),
    async consume(model, id, at) {
      const row = live(rowsOf(model).get(id))
      if (row === undefined || row.payload['consumed'] !== undefined) return false
      row.payload['consumed'] = at
      return true
    },
    destroy: async (model, id) => void rowsOf(model).delete(id),
    async revokeByGrantId(model, grantId) {
      const removed = [...rowsOf(model)].filter(([, { payload }]) => payload['grantId'] === grantId)
      for (const [id] of removed) rowsOf(model).delete(id)
      return removed.map(([, { payload }]) => structuredClone(payload))
    },
    list: (model) =>
      [...rowsOf(model)].flatMap(([id, row]) =>
        live(row) === undefined ? [] : [{ id, payload: structuredClone(row.payload) }],
      ),
    count: (model) => [...rowsOf(model).values()].filter((row) => live(row) !== undefined).length,
  }
}
