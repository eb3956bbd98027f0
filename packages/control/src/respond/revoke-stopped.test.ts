// Which users a round covers: those deactivated or removed since the previous round, in the first round as far back as
// tokens live, and all users after a fault.
import type { LedgerEntry } from '@crosswalk/as-core'
import type { User } from '@crosswalk/idp'
import { expect, it } from 'vitest'

import { createRevokeStopped } from './revoke-stopped.ts'

const TTL_MS = 600_000
const MARGIN_MS = 120_000
const START_MS = 1_800_000_000_000

const RECORD = { username: 'eve', groups: [], attributes: {}, hasPassword: false, active: true }

function makeSweep() {
  const users = new Map<string, { active: boolean; updatedAt: number | undefined }>()
  const revoked: string[] = []
  const ended: string[] = []
  const recorded: LedgerEntry['event'][] = []
  const removals: { id: string; at: number }[] = []
  const forgotten: string[] = []
  const outdated: string[] = []
  const state = { nowMs: START_MS, fails: false, heard: false, onRevoke: () => undefined as void }
  const forget = { remove: async () => undefined }
  const { round, afterFault } = createRevokeStopped({
    vault: { revoke: async (_: unknown, { userId }: { userId: string }) => void forgotten.push(userId) },
    directory: {
      catchUp: async () => void (state.heard = true),
      current: () => ({
        world: {
          // Revisions here are the moments.
          revision: state.nowMs,
          tokens: new Map(),
          'authorization-servers': new Map([
            ['as', { definition: { accessTokenTtlSeconds: TTL_MS / 1000 } }],
          ]),
        },
        users: {
          findById: async (id: string) => (users.has(id) ? { id } : undefined),
          items: {
            findIds: async () => [...users].flatMap(([id, { active }]) => (active ? [] : [id])),
            filterIds: async (ids: readonly string[]) => ids.filter((id) => users.has(id)),
          },
        },
      }),
    },
    revoker: {
      endSessions: async (id: string) => void ended.push(id),
      async revokeUser({ id }: Pick<User, 'id'>) {
        if (state.fails) throw new Error('the database is away')
        revoked.push(id)
        return id === 'none-left' ? 0 : 2
      },
      async revokeOutdated() {
        if (state.fails) throw new Error('the database is away')
        state.onRevoke()
        return new Map(state.heard ? outdated.splice(0).map((id) => [id, 1]) : [])
      },
    },
    storage: {
      ...{ passwordHashes: forget, secondFactors: forget, upstreamLinks: forget },
      objects: {
        revisionAt: async (atMs: number) => atMs,
        changedBetween: async (_: string, after: number, until: number) =>
          [...[...users].map(([id, { updatedAt: at = 0 }]) => ({ id, at })), ...removals]
            .filter(({ at }) => at > after && at <= until)
            .map(({ id }) => id),
        history: async (_: string, id: string) => [{ body: undefined }, { body: { ...RECORD, id } }],
      },
      ledger: {
        commit: async ({ event }: LedgerEntry) => {
          recorded.push(event)
          return { committed: true, chain: 'admin', seq: 1 }
        },
      },
    },
    clock: { nowMs: () => state.nowMs },
  } as unknown as Parameters<typeof createRevokeStopped>[0])
  const sweep = () => round(new AbortController().signal)
  return { users, removals, forgotten, revoked, ended, outdated, recorded, state, sweep, afterFault }
}

it('first those whose tokens may still be live, but no active ones and none of the file', async () => {
  const { users, revoked, ended, recorded, sweep } = makeSweep()
  const first = START_MS - TTL_MS - MARGIN_MS
  users.set('late', { active: false, updatedAt: first + 1 })
  users.set('too-long-ago', { active: false, updatedAt: first })
  users.set('active', { active: true, updatedAt: START_MS })
  users.set('of-the-file', { active: false, updatedAt: undefined })
  users.set('none-left', { active: false, updatedAt: START_MS })
  await sweep()
  expect(revoked).toEqual(['late', 'none-left'])
  expect(ended).toEqual(['late', 'none-left'])
  expect(recorded).toMatchObject([
    { type: 'token.revoked', target: { kind: 'user', id: 'late' }, change: { revoked_tokens: 2 } },
  ])
})

it('then those since the previous round, or again if it failed', async () => {
  const { users, revoked, state, sweep } = makeSweep()
  await sweep()
  state.nowMs += 300_000
  users.set('old', { active: false, updatedAt: START_MS })
  users.set('new', { active: false, updatedAt: START_MS + 1 })
  state.fails = true
  await expect(sweep()).rejects.toThrow('away')
  state.fails = false
  await sweep()
  expect(revoked).toEqual(['new'])
  state.nowMs += 300_000
  await sweep()
  expect(revoked).toEqual(['new'])
})

it('and those who were removed, unless they were created again', async () => {
  const { users, removals, forgotten, revoked, recorded, state, sweep } = makeSweep()
  const first = START_MS - TTL_MS - MARGIN_MS
  removals.push(
    { id: 'too-long-ago', at: first },
    { id: 'late', at: first + 1 },
    { id: 'again', at: START_MS },
  )
  users.set('again', { active: true, updatedAt: START_MS })
  await sweep()
  expect([forgotten, revoked]).toEqual([['late'], ['late']])
  expect(recorded).toMatchObject([{ type: 'token.revoked', target: { kind: 'user', id: 'late' } }])
  state.nowMs += 300_000
  await sweep()
  expect(forgotten).toEqual(['late'])
})

it('and after a fault all users, once, or again if that failed', async () => {
  const { outdated, recorded, state, sweep, afterFault } = makeSweep()
  outdated.push('ada')
  await sweep()
  expect(recorded).toEqual([])
  afterFault()
  state.fails = true
  await expect(sweep()).rejects.toThrow('away')
  state.fails = false
  await sweep()
  expect(recorded).toMatchObject([{ type: 'token.revoked', target: { kind: 'user', id: 'ada' } }])
  outdated.push('bob')
  await sweep()
  expect(recorded).toHaveLength(1)
})

it('and again after a fault during that round', async () => {
  const { outdated, recorded, state, sweep, afterFault } = makeSweep()
  afterFault()
  state.onRevoke = afterFault
  await sweep()
  state.onRevoke = () => undefined
  outdated.push('ada')
  await sweep()
  expect(recorded).toMatchObject([{ target: { kind: 'user', id: 'ada' } }])
})
