import { expect, it } from 'vitest'

import type { HandlerContext } from '../http/context.ts'
import type { SharedParts } from '../parts.ts'
import { createAuditRetentionHandlers } from './audit-retention.ts'

function createWorld() {
  const time = { ms: Date.parse('2027-01-15T08:00:00.000Z') }
  const types: string[] = []
  let hold: unknown
  const note = ({ event }: { event: { event: { type: string } } }) => types.push(event.event.type)
  const handlers = createAuditRetentionHandlers({
    clock: { nowMs: () => time.ms },
    inTurn: <T>(work: () => Promise<T>) => work(),
    configuration: { audit: { retentionDays: 30 } },
    storage: {
      objects: {
        find: async () => (hold === undefined ? undefined : { body: hold }),
        async put(change: Parameters<typeof note>[0] & { body: unknown }) {
          hold = change.body
          note(change)
        },
        async remove(change: Parameters<typeof note>[0]) {
          hold = undefined
          note(change)
        },
      },
      auditCheckpoints: {
        list: async () => [{ log: 'idp', chain: 'idp', kind: 'cut', seq: 7, time: time.ms }],
      },
      events: {
        heads: async () => [
          { log: 'idp', chain: 'idp', seq: 9 },
          { log: 'idp', chain: 'idp/1', seq: 3 },
        ],
      },
    },
  } as unknown as SharedParts)
  const as = (id: string, reason: string) =>
    ({ caller: { id, role: 'owner' }, reason, headers: new Headers() }) as unknown as HandlerContext
  const act = async (name: 'hold' | 'release' | 'read', id = 'usr_ada', reason = 'a lawsuit') =>
    (await handlers[`audit-retention.${name}`]({} as never, as(id, reason))) as { body: { hold: unknown } }
  return { time, types, act }
}

const HOLD = { by: 'usr_ada', since: '2027-01-15T08:00:00.000Z', reason: 'a lawsuit' }

it('a second hold changes nothing: the holder, time and reason of the first stay', async () => {
  const { time, types, act } = createWorld()
  expect((await act('hold')).body.hold).toEqual(HOLD)
  time.ms += 1000
  expect((await act('hold', 'usr_bob', 'no reason')).body.hold).toEqual(HOLD)
  expect(types).toEqual(['audit.held'])
})

it('a release ends the hold, and is recorded only if there was one', async () => {
  const { types, act } = createWorld()
  expect((await act('release')).body.hold).toBeNull()
  await act('hold')
  expect((await act('release')).body.hold).toBeNull()
  expect(types).toEqual(['audit.held', 'audit.released'])
})

it('shows where each chain begins since its last cut, and where it ends', async () => {
  expect((await createWorld().act('read')).body).toEqual({
    retentionDays: 30,
    hold: null,
    logs: [
      { log: 'idp', chain: 'idp', begins: 8, ends: 9, cutAt: '2027-01-15T08:00:00.000Z' },
      { log: 'idp', chain: 'idp/1', begins: 1, ends: 3, cutAt: null },
    ],
  })
})
