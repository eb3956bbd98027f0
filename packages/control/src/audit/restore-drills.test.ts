// Which copies of a database are one of ours. Real copies: tests/src/operations/backup.test.ts.
import { expect, it } from 'vitest'

import type { HandlerContext } from '../http/context.ts'
import type { SharedParts } from '../parts.ts'
import { createRestoreDrillHandlers } from './restore-drills.ts'

const CONTEXT = {
  caller: { id: 'usr_ada', role: 'owner' },
  headers: new Headers(),
} as unknown as HandlerContext

/** Retention has removed the first five events of `idp`; `idp/1` has three. */
const ENDS: Readonly<Record<string, number>> = { idp: 9, 'idp/1': 3 }
const CUT = { log: 'idp', chain: 'idp', kind: 'cut', seq: 5, hash: 'idp#5' }

async function drill(...chains: readonly (readonly [chain: string, seq: number, hash?: string])[]) {
  const recorded: object[] = []
  const handlers = createRestoreDrillHandlers({
    clock: { nowMs: () => Date.parse('2027-01-15T08:00:00.000Z') },
    storage: {
      ledger: { commit: async ({ event }: { event: object }) => recorded.push(event) },
      auditCheckpoints: { list: async () => [CUT, { ...CUT, kind: 'head', seq: 9 }] },
      events: {
        heads: async () => Object.entries(ENDS).map(([chain, seq]) => ({ chain, seq })),
        async readAfter({ chain, afterSeq }: { chain: string; afterSeq: number }) {
          const seq = chain === 'idp' ? Math.max(afterSeq + 1, CUT.seq + 1) : afterSeq + 1
          const event = { time: `2027-01-1${seq}T00:00:00.000Z` }
          return seq > (ENDS[chain] ?? 0) ? [] : [{ chain, seq, hash: `${chain}#${seq}`, event }]
        },
      },
    },
  } as unknown as SharedParts)
  const body = { chains: chains.map(([chain, seq, hash = `${chain}#${seq}`]) => ({ chain, seq, hash })) }
  const answer = await handlers['restore-drills.record']({ body } as never, CONTEXT)
  return { ...(answer as { status?: number; body?: object; problem?: { detail: string } }), recorded }
}

it.each([
  [
    'as new as the log',
    [
      ['idp', 9],
      ['idp/1', 3],
    ],
    9,
    0,
  ],
  [
    'older',
    [
      ['idp', 6],
      ['idp/1', 1],
    ],
    6,
    5,
  ],
  ['older than a chain', [['idp', 8]], 8, 4],
  [
    'in part older than the retention',
    [
      ['idp', 5],
      ['idp/1', 2],
    ],
    2,
    5,
  ],
] as const)(
  'a copy that is %s is recorded, with what a restore would lose',
  async (_, chains, day, laterEvents) => {
    const { status, body, recorded } = await drill(...chains)
    const newestAt = `2027-01-1${day}T00:00:00.000Z`
    expect({ status, body }).toEqual({
      status: 200,
      body: { drilledAt: '2027-01-15T08:00:00.000Z', newestAt, laterEvents },
    })
    expect(recorded).toMatchObject([
      {
        type: 'restore.drilled',
        actor: { id: 'usr_ada' },
        change: { newest_at: newestAt, later_events: laterEvents },
      },
    ])
  },
)

it.each([
  [
    'has another event',
    [
      ['idp', 9],
      ['idp/1', 3, 'other'],
    ],
    'Event 3 of idp/1 differs here',
  ],
  ['goes on after our last event', [['idp', 10]], 'Event 10 of idp differs here'],
  [
    'has another chain',
    [
      ['idp', 9],
      ['as:todo0', 1],
    ],
    'Event 1 of as:todo0 differs here',
  ],
  ['is older than the retention', [['idp', 5]], 'Retention has removed all events of the copy'],
] as const)('a copy that %s is refused, and not recorded', async (_, chains, detail) => {
  const { problem, recorded } = await drill(...chains)
  expect(problem).toMatchObject({ status: 409, detail: expect.stringContaining(detail) })
  expect(recorded).toEqual([])
})
