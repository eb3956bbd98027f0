import type { DecisionRecord } from '@crosswalk/protocol'
import { expect, test } from 'vitest'

import { createDecisionRecorder } from './decision-recorder.ts'
import type { Ledger } from './ports.ts'
import { createRecentRefusals } from './recent-refusals.ts'

const DENIED = {
  decision_id: 'dec_1',
  outcome: 'deny',
  code: 'XAA2206',
  checks: [],
  policies: [],
} as unknown as DecisionRecord
const FAULT = { ...DENIED, outcome: 'error', code: 'XAA9001' } as DecisionRecord

/** A recorder, and where each record went, in order. */
function createRecorder({ writeFails = false, listenerFails = false } = {}) {
  const steps: string[] = []
  const faults: string[] = []
  const ledger = {
    async commit() {
      if (writeFails) throw new Error('no disk')
      steps.push('log')
      return { committed: true, chain: 'idp', seq: 1 }
    },
  } as unknown as Ledger
  const ring = createRecentRefusals()
  const recorder = createDecisionRecorder({
    ledger,
    recentRefusals: { ...ring, add: () => void steps.push('ring') },
    log: 'idp',
    onDecision({ outcome }) {
      steps.push(`told ${outcome}`)
      if (listenerFails) throw new Error('of the listener')
    },
    onFault: (fault) => void faults.push(String(fault)),
  })
  return { steps, faults, recorder }
}

test('a listener is called after the decision is recorded, and cannot change the response', async () => {
  const { steps, faults, recorder } = createRecorder({ listenerFails: true })
  await recorder.refuse(DENIED, { type: 'token.refused', authenticated: true })
  await recorder.refuse(DENIED, { type: 'token.refused', authenticated: false })
  expect(steps).toEqual(['log', 'told deny', 'ring', 'told deny'])
  expect(faults).toEqual(['Error: of the listener', 'Error: of the listener'])
})

test('a fault is recorded in the log', async () => {
  const { steps, recorder } = createRecorder()
  await recorder.fault(FAULT, { type: 'token.fault' })
  expect(steps).toEqual(['log', 'told error'])
})

test('a fault that cannot be written is kept in the ring', async () => {
  const { steps, recorder } = createRecorder({ writeFails: true })
  await expect(recorder.fault(FAULT, { type: 'token.fault' })).rejects.toThrow('no disk')
  expect(steps).toEqual(['ring', 'told error'])
})

test.each(['XAA9002', 'XAA9003'] as const)(
  'a fault of the database, or overload, goes to the ring at once: %s',
  async (code) => {
    const { steps, recorder } = createRecorder()
    await recorder.fault({ ...FAULT, code }, { type: 'token.fault' })
    expect(steps).toEqual(['ring', 'told error'])
  },
)
