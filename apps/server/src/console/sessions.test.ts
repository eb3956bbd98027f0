import type { SignInStore } from '@crosswalk/idp'
import { describe, expect, it } from 'vitest'

import { createConsoleSessions, IDLE_SECONDS, SESSION_SECONDS, sessionId } from './sessions.ts'

const START_MS = 1_800_000_000_000

function createWorld() {
  let nowMs = START_MS
  const rows = new Map<string, Record<string, unknown>>()
  let meanwhile: (() => Promise<void>) | undefined
  const store: Pick<SignInStore, 'upsert' | 'update' | 'find' | 'destroy'> = {
    upsert: async (_, id, payload) => void rows.set(id, { ...payload }),
    async update(_, id, { payload }) {
      if (rows.has(id)) rows.set(id, { ...payload })
    },
    async find(_, id) {
      const found = rows.get(id)
      await meanwhile?.()
      return found
    },
    destroy: async (_, id) => void rows.delete(id),
  }
  const sessions = createConsoleSessions(store as SignInStore, { nowMs: () => nowMs })
  return {
    sessions,
    rows,
    at: (seconds: number) => (nowMs = START_MS + seconds * 1000),
    during: (act: typeof meanwhile) => void (meanwhile = act),
  }
}

describe('sessions of the console', () => {
  it('are found by their cookie, which is stored only as a digest', async () => {
    const { sessions, rows } = createWorld()
    const cookie = await sessions.start({ kind: 'user', subject: 'usr_ada', sid: 'sid-1' })
    expect(await sessions.find(sessionId(cookie))).toMatchObject({ subject: 'usr_ada', sid: 'sid-1' })
    expect(JSON.stringify([...rows])).not.toContain(cookie)
    expect(await sessions.find(sessionId(`${cookie}x`))).toBeUndefined()
    expect(await sessions.find(cookie)).toBeUndefined()
    expect(await sessions.find(sessionId(''))).toBeUndefined()
  })

  it.each([
    [IDLE_SECONDS - 1, true],
    [IDLE_SECONDS, false],
  ])('unused for %i seconds: alive %s', async (seconds, alive) => {
    const { sessions, at } = createWorld()
    const cookie = await sessions.start({ kind: 'user', subject: 'usr_ada' })
    at(seconds)
    expect((await sessions.find(sessionId(cookie))) !== undefined).toBe(alive)
    // An ended session does not revive.
    at(0)
    expect((await sessions.find(sessionId(cookie))) !== undefined).toBe(alive)
  })

  it.each([
    [SESSION_SECONDS - 1, true],
    [SESSION_SECONDS, false],
  ])('in use all the time, after %i seconds: alive %s', async (seconds, alive) => {
    const { sessions, at } = createWorld()
    const cookie = await sessions.start({ kind: 'user', subject: 'usr_ada' })
    for (let passed = 0; passed < seconds; passed += IDLE_SECONDS / 2) {
      at(passed)
      await sessions.find(sessionId(cookie))
    }
    at(seconds)
    expect((await sessions.find(sessionId(cookie))) !== undefined).toBe(alive)
  })

  it('end after an hour, however often an unattended page checks them', async () => {
    const { sessions, at } = createWorld()
    const cookie = await sessions.start({ kind: 'user', subject: 'usr_ada' })
    for (let passed = 0; passed < IDLE_SECONDS; passed += 120) {
      at(passed)
      expect(await sessions.find(sessionId(cookie), { isUse: false })).toBeDefined()
    }
    at(IDLE_SECONDS)
    expect(await sessions.find(sessionId(cookie), { isUse: false })).toBeUndefined()
    expect(await sessions.find(sessionId(cookie))).toBeUndefined()
  })

  it('are not revived by a request in flight when they end', async () => {
    const { sessions, at, during, rows } = createWorld()
    const cookie = await sessions.start({ kind: 'token', subject: 'digest' })
    at(120)
    during(() => sessions.end(cookie))
    await sessions.find(sessionId(cookie))
    expect(rows.size).toBe(0)
  })

  it('end on request', async () => {
    const { sessions } = createWorld()
    const cookie = await sessions.start({ kind: 'token', subject: 'digest' })
    await sessions.end(cookie)
    expect(await sessions.find(sessionId(cookie))).toBeUndefined()
  })
})
