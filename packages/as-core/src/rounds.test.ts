// Rounds: one at a time, at most one queued, and none after closing.
import { expect, it, vi } from 'vitest'

import { createRounds, settleAll } from './rounds.ts'

const NEVER_MS = 3_600_000

function open(everyMs = NEVER_MS) {
  const gates: PromiseWithResolvers<void>[] = []
  const faults: unknown[] = []
  const round = () => {
    const gate = Promise.withResolvers<void>()
    gates.push(gate)
    return gate.promise
  }
  const rounds = createRounds(round, { everyMs, onFault: (fault) => faults.push(fault) })
  return { gates, faults, rounds }
}

it('runs one at a time, and once more for all calls during a round', async () => {
  const { gates, rounds } = open()
  const first = rounds.run()
  const others = [rounds.run(), rounds.run()]
  expect(gates).toHaveLength(1)
  gates[0]?.resolve()
  await first
  await vi.waitFor(() => expect(gates).toHaveLength(2))
  gates[1]?.resolve()
  await Promise.all(others)
  expect(gates).toHaveLength(2)
  await rounds.close()
})

it('reports a fault, and continues', async () => {
  const { gates, faults, rounds } = open()
  const first = rounds.run()
  gates[0]?.reject(new Error('away'))
  await first
  expect(faults).toEqual([new Error('away')])
  void rounds.run()
  expect(gates).toHaveLength(2)
})

it('runs on a timer', async () => {
  const { gates, rounds } = open(5)
  await vi.waitFor(() => expect(gates).toHaveLength(1))
  gates[0]?.resolve()
  await vi.waitFor(() => expect(gates).toHaveLength(2))
  gates[1]?.resolve()
  await rounds.close()
})

it('closes after the current round, and starts no other', async () => {
  const { gates, rounds } = open()
  void rounds.run()
  void rounds.run()
  let isClosed = false
  const closed = rounds.close().then(() => (isClosed = true))
  await Promise.resolve()
  expect(isClosed).toBe(false)
  gates[0]?.resolve()
  await closed
  await rounds.run()
  expect(gates).toHaveLength(1)
})

it('waits for every task of a round, and reports each fault', async () => {
  const slow = Promise.withResolvers<void>()
  const faults: unknown[] = []
  let isOver = false
  const round = settleAll([Promise.reject(new Error('one')), slow.promise], (fault) => faults.push(fault))
  void round.then(() => (isOver = true))
  await new Promise(setImmediate)
  expect(isOver).toBe(false)
  slow.reject(new Error('two'))
  await round
  expect(faults).toEqual([new Error('one'), new Error('two')])
})
