// `SecondFactors` in memory, for tests: the same promises, kept by the single thread.
import type { SecondFactors } from '../../ports.ts'

interface Row {
  readonly sealedSecret: string
  readonly enrolledAt: number
  lastStep: number
}

export function createMemorySecondFactors(): SecondFactors {
  const rows = new Map<string, Row>()
  return {
    async findTotp(userId) {
      const row = rows.get(userId)
      return row && { sealedSecret: row.sealedSecret, enrolledAt: row.enrolledAt }
    },
    async enrolTotp(userId, { sealedSecret, step, at }) {
      if (rows.has(userId)) return false
      rows.set(userId, { sealedSecret, enrolledAt: at, lastStep: step })
      return true
    },
    async useTotpStep(userId, { sealedSecret, step }) {
      const row = rows.get(userId)
      if (row?.sealedSecret !== sealedSecret || row.lastStep >= step) return false
      row.lastStep = step
      return true
    },
    remove: async (userId) => void rows.delete(userId),
  }
}
