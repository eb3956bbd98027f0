// Which part of a chain a pack covers, at both edges of the margin, and how long it may be.
import { MAX_PACKED } from '@crosswalk/admin-api'
import type { Checkpoint } from '@crosswalk/storage'
import { describe, expect, it } from 'vitest'

import { createExportLimit } from '../export-limit.ts'
import { createPackHandlers } from './build-pack.ts'
import { findPackRanges, selectCheckpoints } from './pack-ranges.ts'

const HOUR_MS = 3_600_000
const NOON_MS = Date.parse('2026-11-29T12:00:00Z')

function sealAt(seq: number, hour: number, change: Partial<Checkpoint> = {}): Checkpoint {
  const place = { log: 'idp', chain: 'idp', hash: '', statement: '' }
  return { ...place, seq, kind: 'head', time: NOON_MS + hour * HOUR_MS, ...change }
}

/** @param newest - hour of the newest matching event; undefined if none matches */
function partsOf(checkpoints: readonly Checkpoint[], newest: number | undefined, recorded: string[] = []) {
  const time = newest === undefined ? '' : new Date(NOON_MS + newest * HOUR_MS).toISOString()
  return {
    storage: {
      auditCheckpoints: { list: async () => checkpoints },
      events: { list: async () => ({ items: newest === undefined ? [] : [{ event: { time } }] }) },
      ledger: { commit: async () => recorded.push('event') },
    },
  } as unknown as Parameters<typeof createPackHandlers>[0]
}

describe('the part of a chain', () => {
  const checkpoints = [sealAt(10, -4), sealAt(20, -2), sealAt(30, 0), sealAt(40, 2)]

  it.each([
    ['ends at the first checkpoint an hour after the newest match', -1, undefined, [0, 30]],
    ['ends at the next one, if it is a millisecond less', -1 + 1 / HOUR_MS, undefined, [0, 40]],
    ['ends at the last checkpoint, if none is later', 5, undefined, [0, 40]],
    ['begins after the last checkpoint more than an hour before the period', 5, -1 + 1 / HOUR_MS, [20, 40]],
    ['begins after an earlier one, if it is exactly an hour', 5, -1, [10, 40]],
    ['begins with the chain, if the period does', 5, -9, [0, 40]],
  ])('%s', async (_, newest, since, [afterSeq, upTo]) => {
    const filter = since === undefined ? {} : { since: NOON_MS + since * HOUR_MS }
    const ranges = await findPackRanges(partsOf(checkpoints, newest), filter)
    expect(ranges).toMatchObject([{ chain: 'idp', afterSeq, upTo }])
  })

  it('begins after what retention removed', async () => {
    const cut = sealAt(15, 1, { kind: 'cut' })
    const [range] = await findPackRanges(partsOf([cut, ...checkpoints.slice(1)], 5), {})
    expect(range).toMatchObject({ afterSeq: 15, upTo: 40 })
    expect(range?.checkpoints.map(({ seq }) => seq)).toEqual([20, 30, 40])
  })

  it('is empty without a match, or without a checkpoint', async () => {
    expect(await findPackRanges(partsOf(checkpoints, undefined), {})).toEqual([])
    expect(await findPackRanges(partsOf([], 0), {})).toEqual([])
  })
})

describe('the checkpoints of a pack', () => {
  const checkpoints = [10, 20, 30, 40, 50].map((seq) => sealAt(seq, 0))

  it.each([
    [11, 40, [20, 40]],
    [20, 40, [20, 40]],
    [21, 40, [30, 40]],
    [31, 40, [40]],
    [40, 40, [40]],
  ])('from event %i to %i are those at both ends', (first, upTo, expected) => {
    const range = { log: 'idp', chain: 'idp', afterSeq: 0, upTo, checkpoints }
    expect(selectCheckpoints(range, first).map(({ seq }) => seq)).toEqual(expected)
  })
})

describe('the length of a pack', () => {
  // Retention removed the first five events.
  const cut = sealAt(5, -9, { kind: 'cut' })
  async function pack(length: number) {
    const recorded: string[] = []
    const parts = partsOf([cut, sealAt(5 + length, 0)], 0, recorded)
    const clock = { nowMs: () => NOON_MS }
    const auditKeeper = { sealNow: async () => undefined }
    const handlers = createPackHandlers({ ...parts, clock, auditKeeper } as never, createExportLimit())
    const context = { caller: { id: 'admin' } }
    return { result: await handlers['audit.pack']({ query: {} } as never, context as never), recorded }
  }

  it('may reach the limit', async () => {
    const { result, recorded } = await pack(MAX_PACKED)
    expect([(result as Response).status, recorded]).toEqual([200, ['event']])
  })

  it('may not exceed it, and nothing is recorded then', async () => {
    const { result, recorded } = await pack(MAX_PACKED + 1)
    expect(result).toMatchObject({
      problem: { status: 422, detail: expect.stringContaining('Choose a shorter period') },
    })
    expect(recorded).toEqual([])
  })
})
