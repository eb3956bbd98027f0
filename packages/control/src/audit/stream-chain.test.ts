// A copy of a chain fails if retention removes events from its middle, and shows every other gap.
import { expect, it } from 'vitest'

import { streamChain } from './stream-chain.ts'

const place = { log: 'idp', chain: 'idp' }

/** @param found - numbers of the events that are read. @param cut - the last number that retention removed */
async function read(found: readonly number[], cut?: number, part = { afterSeq: 0, upTo: 6 }) {
  const storage = {
    auditCheckpoints: {
      list: async () => [
        { ...place, seq: 6, kind: 'head' },
        { ...place, chain: 'idp/1', seq: 6, kind: 'cut' },
        ...(cut === undefined ? [] : [{ ...place, seq: cut, kind: 'cut' }]),
      ],
    },
    events: {
      stream: ({ afterSeq }: { afterSeq: number }) =>
        found.filter((seq) => seq > afterSeq).map((seq) => ({ seq })),
    },
  }
  const numbers: number[] = []
  for await (const { seq } of streamChain({ storage } as never, { ...place, ...part })) numbers.push(seq)
  return numbers
}

it('reads a part from its first to its last event', async () => {
  expect(await read([1, 2, 3, 4, 5, 6, 7])).toEqual([1, 2, 3, 4, 5, 6])
  expect(await read([1, 2, 3, 4], undefined, { afterSeq: 1, upTo: 3 })).toEqual([2, 3])
  expect(await read([1, 2, 3], undefined, { afterSeq: 3, upTo: 3 })).toEqual([])
  expect(await read([1, 2, 3], undefined, { afterSeq: 0, upTo: Infinity })).toEqual([1, 2, 3])
  await expect(read([1, 2, 3], 5, { afterSeq: 0, upTo: Infinity })).rejects.toThrow('retention removed')
})

it.each([
  ['in the middle', [1, 2, 5, 6], 4],
  ['at the end of the part', [1, 2, 7], 6],
  ['to the last', [1, 2, 3], 6],
])('fails if retention removes events %s', async (_, found, cut) => {
  await expect(read(found, cut)).rejects.toThrow('retention removed events of idp while they were copied')
})

it('begins after what retention has removed before', async () => {
  expect(await read([3, 4, 5, 6], 2)).toEqual([3, 4, 5, 6])
  expect(await read([], 6)).toEqual([])
})

it.each([
  ['nothing', undefined],
  ['only earlier events', 2],
])('shows a gap if retention removed %s', async (_, cut) => {
  expect(await read([1, 2, 4, 6], cut)).toEqual([1, 2, 4, 6])
})
