// Reads of the audit log: recorded once an hour for each caller and list, and never lost.
import { describe, expect, it } from 'vitest'

import { createAuditReads } from './audit-reads.ts'
import { systemContext } from '../http/context.ts'

const HOUR_MS = 3_600_000

function world() {
  let nowMs = 1_700_000_000_000
  let isBroken = false
  const events: { readonly by: string; readonly query: unknown }[] = []
  const commit = async ({ event }: { event: { actor: { id: string }; change?: { query?: unknown } } }) => {
    if (isBroken) throw new Error('no disk')
    events.push({ by: event.actor.id, query: event.change?.query })
    return { committed: true as const, chain: 'admin', seq: events.length }
  }
  const reads = createAuditReads({
    storage: { ledger: { commit: commit as never } },
    clock: { nowMs: () => nowMs },
  })
  return {
    events,
    pass: (ms: number) => (nowMs += ms),
    breakDisk: (broken: boolean) => (isBroken = broken),
    read: (id: string, query: object) =>
      reads.record({ ...systemContext(''), caller: { id, role: 'auditor' } }, { ...query }),
  }
}

describe('a read of the audit log', () => {
  it('is recorded once while paging through or following the log', async () => {
    const { events, read } = world()
    for (const more of [{}, { cursor: 'a' }, { since: '2026-01-01T00:00:00Z', limit: 5 }, { until: '5' }])
      await read('tok_1', { log: 'admin', ...more })
    expect(events).toEqual([{ by: 'tok_1', query: { log: 'admin' } }])
  })

  it('is recorded even if it begins in the middle', async () => {
    const { events, read } = world()
    await read('tok_1', { log: 'admin', cursor: 'a', since: '5' })
    expect(events).toEqual([{ by: 'tok_1', query: { log: 'admin', since: '5' } }])
  })

  it('of another list or by another caller is recorded separately', async () => {
    const { events, read } = world()
    await read('tok_1', { log: 'admin' })
    await read('tok_1', { log: 'admin', user: 'alice' })
    await read('tok_2', { log: 'admin' })
    await read('tok_1', { user: 'alice', log: 'admin' })
    expect(events).toHaveLength(3)
  })

  it('is recorded again after an hour, and not before', async () => {
    const { events, read, pass } = world()
    await read('tok_1', {})
    pass(HOUR_MS - 1)
    await read('tok_1', {})
    expect(events).toHaveLength(1)
    pass(1)
    await read('tok_1', {})
    expect(events).toHaveLength(2)
  })

  it('fails if it cannot be recorded, and the next read is recorded', async () => {
    const { events, read, breakDisk } = world()
    breakDisk(true)
    await expect(read('tok_1', {})).rejects.toThrow('no disk')
    breakDisk(false)
    await read('tok_1', {})
    expect(events).toHaveLength(1)
  })
})
