// The metadata of an issuer: fetched once for many requests, once an hour, and at most once a second while it fails.
import { expect, test } from 'vitest'

import { IssuerMetadata, ServerUnreachable, SharedLoad } from './server-access.ts'

const ISSUER = 'https://as.test'

function open({ works = (): boolean => true } = {}) {
  const time = { ms: 5_000 }
  let asked = 0
  const fetch = async () => {
    asked += 1
    if (!works()) throw new TypeError('fetch failed')
    return Response.json({ issuer: ISSUER, introspection_endpoint: `${ISSUER}/i` })
  }
  const metadata = new IssuerMetadata({ fetch, nowMs: () => time.ms, timeoutMs: 1000 }, ISSUER)
  const find = () => metadata.findEndpoint('introspection_endpoint').catch((fault: unknown) => fault)
  return { time, find, asked: () => asked }
}

test('is fetched once for many requests, and again after an hour', async () => {
  const { time, find, asked } = open()
  expect(await Promise.all([find(), find()])).toEqual([`${ISSUER}/i`, `${ISSUER}/i`])
  time.ms += 3_599_999
  await find()
  expect(asked()).toBe(1)
  time.ms += 1
  await find()
  expect(asked()).toBe(2)
})

test('is fetched at most once a second while it fails, and works again after recovery', async () => {
  let works = false
  const { time, find, asked } = open({ works: () => works })
  const faults = await Promise.all([find(), find()])
  expect(faults.every((fault) => fault instanceof ServerUnreachable)).toBe(true)
  const once = asked()
  time.ms += 999
  expect(await find()).toMatchObject({
    name: 'ServerUnreachable',
    message: expect.stringMatching(/a moment ago: no metadata of https:\/\/as\.test: .*fetch failed$/),
    cause: { name: 'ServerUnreachable' },
  })
  expect(asked()).toBe(once)
  works = true
  time.ms += 1
  expect(await find()).toBe(`${ISSUER}/i`)
})

test('a server that hangs is asked once, and again one second after the failure', async () => {
  const time = { ms: 5_000 }
  let asked = 0
  const fetch = async () => {
    asked += 1
    time.ms += 5_000
    throw new DOMException('no answer', 'TimeoutError')
  }
  const metadata = new IssuerMetadata({ fetch, nowMs: () => time.ms, timeoutMs: 1000 }, ISSUER)
  const find = () => metadata.findEndpoint('jwks_uri').catch((fault: unknown) => String(fault))
  expect(await find()).toContain('no metadata')
  time.ms += 999
  expect(await find()).toContain('a moment ago')
  expect(asked).toBe(1)
  time.ms += 1
  await find()
  expect(asked).toBe(2)
})

test('a clock that is set back delays no attempt, and keeps no old metadata', async () => {
  let works = false
  const { time, find, asked } = open({ works: () => works })
  expect(await find()).toBeInstanceOf(ServerUnreachable)
  works = true
  time.ms -= 60_000
  expect(await find()).toBe(`${ISSUER}/i`)
  const before = asked()
  time.ms -= 3_599_999
  await find()
  expect(asked()).toBe(before)
  time.ms -= 1
  await find()
  expect(asked()).toBe(before + 1)
})

test('what was loaded after a failure can be loaded again at once', async () => {
  let works = false
  const load = async () => {
    if (!works) throw new Error('away')
    return 'keys'
  }
  const loading = new SharedLoad('the keys', () => 5_000, load)
  await expect(loading.run()).rejects.toThrow('away')
  await expect(loading.runUnlessFailed()).rejects.toThrow('a moment ago')
  works = true
  await loading.run()
  expect(await loading.runUnlessFailed()).toBe('keys')
})
