// A sample has as many events as were asked for, each at most once and in the order of the copy; a longer copy only replaces
// events by new ones.
import { hash } from 'node:crypto'

import { hashText } from '@crosswalk/storage'
import fc from 'fast-check'
import { expect, it } from 'vitest'

import { sampleCopy } from './sample-copy.ts'

function renderLine(seq: number, type: string): string {
  const text = JSON.stringify({
    ...{ schema: 'xaa.event/v1', id: `evt_${seq}`, time: '2026-06-15T08:00:00.000Z', type },
    ...{ category: 'decision', severity: 'info', outcome: 'allow', actor: { kind: 'agent', id: 'a' } },
  })
  const place = { log: 'idp', chain: 'idp', seq, prevHash: 'p', hash: hashText(`${seq}`) }
  return `${JSON.stringify({ ...place, text })}\n`
}

const draw = (lines: readonly string[], size: number, seed = 's') => {
  const chunks = lines.map((line) => new TextEncoder().encode(line))
  return sampleCopy({ chunks, name: 'copy' }, { seed, size, matches: ({ type }) => type !== 'other' })
}
const write = (count: number) => Array.from({ length: count }, (_, at) => renderLine(at + 1, 'idjag.issued'))

it('is what sorting all events would give', () =>
  fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 60 }),
      fc.integer({ min: 1, max: 20 }),
      fc.string(),
      async (count, size, seed) => {
        const { matching, events } = await draw(write(count), size, seed)
        const rank = (seq: number) => hash('sha256', `${seed}\n${hashText(`${seq}`)}`, 'hex')
        const all = Array.from({ length: count }, (_, at) => at + 1)
        const smallest = all.sort((one, other) => (rank(one) < rank(other) ? -1 : 1)).slice(0, size)
        expect(matching).toBe(count)
        expect(events.map(({ seq }) => seq)).toEqual(smallest.sort((one, other) => one - other))
      },
    ),
    { numRuns: 50 },
  ))

it('counts and draws only events that match', async () => {
  const lines = [renderLine(1, 'other'), renderLine(2, 'idjag.issued'), renderLine(3, 'other')]
  const { matching, events } = await draw(lines, 2)
  expect([matching, events.map(({ seq }) => seq)]).toEqual([1, [2]])
})

it.each([
  ['a line that is no event', '{}\n', 'line 2 is not an event in the native format of `audit export`'],
  [
    'a text that is no event',
    renderLine(2, 'idjag.issued').replace('xaa.event', 'other'),
    'line 2: its text is not an event',
  ],
])('rejects %s', async (_, line, message) => {
  await expect(draw([renderLine(1, 'idjag.issued'), line], 1)).rejects.toThrow(message)
})
