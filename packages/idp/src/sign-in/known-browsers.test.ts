import { describe, expect, test } from 'vitest'

import { createKnownBrowsers } from './known-browsers.ts'

const DAY_MS = 86_400_000
const KEY = 'k'.repeat(32)
const alice = { id: 'usr_alice', passwordHash: '$argon2id$one' }
const bob = { id: 'usr_bob', passwordHash: '$argon2id$two' }

function createWorld(key = KEY) {
  const time = { ms: 1_000 * DAY_MS }
  const browsers = createKnownBrowsers(key, { nowMs: () => time.ms })
  return { browsers, time, cookie: browsers.add(undefined, alice) ?? '' }
}

describe('a browser with an earlier sign-in', () => {
  test('is known for that user only, and its cookie identifies no user', () => {
    const { browsers, cookie } = createWorld()
    expect(browsers.find(cookie, alice)).toMatch(/^usr_alice [\w-]{22}$/)
    expect(browsers.find(cookie, bob)).toBeUndefined()
    expect(browsers.find(undefined, alice)).toBeUndefined()
    expect(Buffer.from(cookie, 'base64url').toString()).not.toContain('alice')
    expect(cookie).not.toContain('alice')
  })

  test('is unknown after a password change', () => {
    const { browsers, cookie } = createWorld()
    expect(browsers.find(cookie, { ...alice, passwordHash: '$argon2id$new' })).toBeUndefined()
    expect(browsers.find(cookie, { ...alice, passwordHash: undefined })).toBeUndefined()
  })

  test('is known for 180 days', () => {
    const { browsers, cookie, time } = createWorld()
    time.ms += 180 * DAY_MS - 1000
    expect(browsers.find(cookie, alice)).toBeDefined()
    time.ms += 1000
    expect(browsers.find(cookie, alice)).toBeUndefined()
  })

  test('is known for the last five users', () => {
    const { browsers, cookie: first } = createWorld()
    const others = ['b', 'c', 'd', 'e', 'f'].map((id) => ({ id, passwordHash: id }))
    let cookie = first
    for (const user of others.slice(0, 4)) cookie = browsers.add(cookie, user) ?? ''
    expect(browsers.find(cookie, alice)).toBeDefined()
    cookie = browsers.add(cookie, others[4] ?? bob) ?? ''
    expect(browsers.find(cookie, alice)).toBeUndefined()
    for (const user of others) expect(browsers.find(cookie, user)).toBeDefined()
    expect(cookie.split('~')).toHaveLength(5)
  })

  test('gets a new id with each sign-in, and has one entry per user', () => {
    const { browsers, cookie } = createWorld()
    const again = browsers.add(cookie, alice) ?? ''
    expect(browsers.find(again, alice)).not.toBe(browsers.find(cookie, alice))
    expect(again).toHaveLength(cookie.length)
  })
})

describe('a forged cookie', () => {
  const { browsers, cookie } = createWorld()
  const [id = '', at = '', mac = ''] = cookie.split('.')
  test.each([
    ['with another key', createWorld('x'.repeat(32)).cookie],
    ['with a later time', `${id}.${Number(at) + 1}.${mac}`],
    ['with another id', `${'A'.repeat(22)}.${at}.${mac}`],
    ['cut short', cookie.slice(0, -1)],
    ['without content', ''],
    ['malformed', '~~~.~'],
    ['too long', `${`${cookie}~`.repeat(20)}`],
    [
      'with the entry after the fifth',
      [...Array.from({ length: 5 }, () => `${'A'.repeat(22)}.${at}.${mac}`), cookie].join('~'),
    ],
  ])('%s does not make a browser known', (_, made) => {
    expect(browsers.find(made, alice)).toBeUndefined()
    expect(browsers.find(cookie, alice)).toBeDefined()
  })
})
