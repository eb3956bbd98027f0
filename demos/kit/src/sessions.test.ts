import { Hono } from 'hono'
import { beforeEach, describe, expect, it } from 'vitest'

import { createSessions } from './sessions.ts'

const IDLE_SECONDS = 60

let nowMs = 0
let app: Hono
beforeEach(() => {
  nowMs = 1_000_000
  const sessions = createSessions<string>({
    cookieName: 'demo_session',
    idleSeconds: IDLE_SECONDS,
    maxSessions: 2,
    nowMs: () => nowMs,
  })
  app = new Hono()
  app.get('/open/:who', (c) => {
    sessions.open(c, c.req.param('who'))
    return c.text('opened')
  })
  app.get('/who', (c) => c.text(sessions.find(c) ?? 'nobody'))
  app.get('/close', (c) => {
    sessions.close(c)
    return c.text('closed')
  })
})

const get = (path: string, cookie = '') => app.request(path, { headers: { cookie } })
const open = async (who: string, cookie = '') =>
  ((await get(`/open/${who}`, cookie)).headers.get('set-cookie') ?? '').split(';')[0] ?? ''
const who = async (cookie: string) => (await get('/who', cookie)).text()

describe('sessions', () => {
  it('hides the cookie from scripts and other sites', async () => {
    const cookie = (await get('/open/alice')).headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/^demo_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/)
    const secure = await app.request('https://demo.test/open/alice')
    expect(secure.headers.get('set-cookie')).toMatch(/; Secure/)
  })

  it('finds a session only by its cookie', async () => {
    const cookie = await open('alice')
    expect(await who(cookie)).toBe('alice')
    expect(await who('demo_session=planted')).toBe('nobody')
    expect(await who('')).toBe('nobody')
  })

  it('starts with a new id, and ends the previous session', async () => {
    const before = await open('alice')
    const after = await open('alice', before)
    expect(after).not.toBe(before)
    expect(await who(before)).toBe('nobody')
    expect(await who(await open('mallory', 'demo_session=planted'))).toBe('mallory')
    expect(await who('demo_session=planted')).toBe('nobody')
  })

  it('ends when closed', async () => {
    const cookie = await open('alice')
    await get('/close', cookie)
    expect(await who(cookie)).toBe('nobody')
  })

  it('ends after a minute without use, and not before', async () => {
    const cookie = await open('alice')
    nowMs += IDLE_SECONDS * 1000
    expect(await who(cookie)).toBe('alice')
    nowMs += IDLE_SECONDS * 1000 + 1
    expect(await who(cookie)).toBe('nobody')
  })

  it('drops the least recently used if there are too many', async () => {
    const [alice, bob] = [await open('alice'), await open('bob')]
    await who(alice)
    const carol = await open('carol')
    expect([await who(alice), await who(bob), await who(carol)]).toEqual(['alice', 'nobody', 'carol'])
  })
})
