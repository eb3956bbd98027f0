// Which users a round looks at: those who were deactivated since the round before, and at first as far back as tokens live.
import type { LedgerEntry } from '@crosswalk/as-core'
import type { User } from '@crosswalk/idp'
import { expect, it } from 'vitest'

import type { CompiledWorld } from '../definitions/compile-world.ts'
import { createRevokeStopped } from './revoke-stopped.ts'

const TTL_MS = 600_000
const MARGIN_MS = 120_000
const START_MS = 1_800_000_000_000

function makeSweep() {
  const users = new Map<string, { active: boolean; updatedAt: number | undefined }>()
  const revoked: string[] = []
  const recorded: LedgerEntry['event'][] = []
  const state = { nowMs: START_MS, fails: false }
  const sweep = createRevokeStopped({
    directory: {
      current: () =>
        ({
          world: {
            users: new Map(
              [...users].map(([id, { active, updatedAt }]) => [id, { definition: { active }, updatedAt }]),
            ),
            'authorization-servers': new Map([
              ['as', { definition: { accessTokenTtlSeconds: TTL_MS / 1000 } }],
            ]),
          },
          people: new Map([...users.keys()].map((id) => [id, { id }])),
        }) as unknown as CompiledWorld,
    },
    revoker: {
      async revokeUser({ id }: Pick<User, 'id'>) {
        if (state.fails) throw new Error('the database is away')
        revoked.push(id)
        return id === 'none-left' ? 0 : 2
      },
    },
    storage: {
      ledger: {
        commit: async ({ event }) => {
          recorded.push(event)
          return { committed: true, chain: 'admin', seq: 1 }
        },
      },
    },
    clock: { nowMs: () => state.nowMs },
  })
  return { users, revoked, recorded, state, sweep }
}

it('at first those whose tokens may still live, and no active ones and none of the file', async () => {
  const { users, revoked, recorded, sweep } = makeSweep()
  const first = START_MS - TTL_MS - MARGIN_MS
  users.set('late', { active: false, updatedAt: first })
  users.set('too-long-ago', { active: false, updatedAt: first - 1 })
  users.set('active', { active: true, updatedAt: START_MS })
  users.set('of-the-file', { active: false, updatedAt: undefined })
  users.set('none-left', { active: false, updatedAt: START_MS })
  await sweep()
  expect(revoked).toEqual(['late', 'none-left'])
  expect(recorded).toMatchObject([
    { type: 'token.revoked', target: { kind: 'user', id: 'late' }, change: { revoked_tokens: 2 } },
  ])
})

it('then those since the round before, or again where that met a fault', async () => {
  const { users, revoked, state, sweep } = makeSweep()
  await sweep()
  state.nowMs += 300_000
  users.set('old', { active: false, updatedAt: START_MS - MARGIN_MS - 1 })
  users.set('new', { active: false, updatedAt: START_MS - MARGIN_MS })
  state.fails = true
  await expect(sweep()).rejects.toThrow('away')
  state.fails = false
  await sweep()
  expect(revoked).toEqual(['new'])
  state.nowMs += 300_000
  await sweep()
  expect(revoked).toEqual(['new'])
})
