// An in-memory `SecondFactors` for tests, with the same guarantees because it is single-threaded.
import type { AuditEvent } from '@crosswalk/as-core'

import type { Passkey, SecondFactors } from '../../ports.ts'

interface Row {
  readonly sealedSecret: string
  readonly enrolledAt: number
  lastStep: number
}

/** @param events - receives those of changes */
export function createMemorySecondFactors(events: AuditEvent[] = []): SecondFactors {
  const rows = new Map<string, Row>()
  const passkeys = new Map<string, { readonly userId: string; readonly passkey: Passkey }>()
  return {
    async findTotp(userId) {
      const row = rows.get(userId)
      return row && { sealedSecret: row.sealedSecret, enrolledAt: row.enrolledAt }
    },
    async enrolTotp(userId, { sealedSecret, step, at }, { event }) {
      if (rows.has(userId)) return false
      rows.set(userId, { sealedSecret, enrolledAt: at, lastStep: step })
      events.push(event)
      return true
    },
    async useTotpStep(userId, { sealedSecret, step }) {
      const row = rows.get(userId)
      if (row?.sealedSecret !== sealedSecret || row.lastStep >= step) return false
      row.lastStep = step
      return true
    },
    listPasskeys: async (userId) =>
      [...passkeys.values()].filter((it) => it.userId === userId).map(({ passkey }) => passkey),
    async addPasskey(userId, passkey, { event }) {
      if (passkeys.has(passkey.id)) return false
      passkeys.set(passkey.id, { userId, passkey })
      events.push(event)
      return true
    },
    async usePasskey(userId, { id, seenCounter, counter, at: lastUsedAt }) {
      const found = passkeys.get(id)
      if (found?.userId !== userId || found.passkey.counter !== seenCounter) return false
      passkeys.set(id, { userId, passkey: { ...found.passkey, counter, lastUsedAt } })
      return true
    },
    async removePasskey(userId, id, { event }) {
      const own = [...passkeys.values()].filter((it) => it.userId === userId).length
      if (own + (rows.has(userId) ? 1 : 0) < 2) return false
      if (passkeys.get(id)?.userId !== userId) return false
      events.push(event)
      return passkeys.delete(id)
    },
    async remove(userId) {
      rows.delete(userId)
      for (const [id, it] of passkeys) if (it.userId === userId) passkeys.delete(id)
    },
  }
}
