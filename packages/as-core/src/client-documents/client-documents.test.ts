import { accept, refuse } from '@crosswalk/protocol'
import { describe, expect, test } from 'vitest'

import type { DocumentFetch, FetchRefusal } from '../guarded-fetch/guarded-fetch.ts'
import { createClientDocuments, readLifetimeMs } from './client-documents.ts'

const URL = 'https://agent0.example/client.json'
const TOO_MANY = { problem: 'too-many-fetches', isTemporary: true }
const GOOD = { client_id: URL, redirect_uris: ['https://agent0.example/cb'] }

function createWorld(allow: readonly string[] = [URL]) {
  const world = {
    now: 1_000_000_000_000,
    allow,
    document: GOOD as Record<string, unknown> | undefined,
    failure: { reason: 'status', detail: '404' } as FetchRefusal,
    cacheControl: undefined as string | undefined,
    fetched: [] as (readonly [string, number | undefined])[],
  }
  const fetch: DocumentFetch = {
    async fetchDocument(url, limits) {
      world.fetched.push([url, limits?.maxBytes])
      await new Promise((resolve) => setImmediate(resolve))
      return world.document === undefined
        ? refuse(world.failure)
        : accept({ document: world.document as never, cacheControl: world.cacheControl })
    },
  }
  const documents = createClientDocuments({
    fetch,
    clock: { nowMs: () => world.now },
    allow: () => world.allow,
    allowLoopback: false,
  })
  return { world, documents }
}

describe('CID-05 fetching documents', () => {
  test('concurrent lookups share one fetch, which has the size limit of client metadata', async () => {
    const { world, documents } = createWorld()
    const all = await Promise.all(Array.from({ length: 20 }, () => documents.find(URL)))
    expect(all.every((one) => one?.accepted)).toBe(true)
    expect(world.fetched).toEqual([[URL, 5120]])
  })

  test('a valid document is cached for its max-age', async () => {
    const { world, documents } = createWorld()
    world.cacheControl = 'public, max-age=600'
    await documents.find(URL)
    world.now += 599_999
    expect((await documents.find(URL))?.accepted).toBe(true)
    expect(world.fetched).toHaveLength(1)
    world.now += 1
    await documents.find(URL)
    expect(world.fetched).toHaveLength(2)
  })

  test.each([
    [undefined, 60],
    ['max-age=0', 60],
    ['max-age=59', 60],
    ['max-age=61', 61],
    ['Max-Age="3600"', 3600],
    ['max-age=86400', 86_400],
    ['max-age=86401', 86_400],
    ['no-store, max-age=3600', 60],
    ['no-cache', 60],
    ['max-age=-5', 60],
    ['s-maxage=3600', 60],
  ])('%s is cached for %d s', (header, seconds) => {
    expect(readLifetimeMs(header)).toBe(seconds * 1000)
  })

  test('after the clock was set back by an hour, a document is not cached for an hour longer', async () => {
    const { world, documents } = createWorld()
    world.cacheControl = 'max-age=600'
    await documents.find(URL)
    world.now -= 3_600_000
    await documents.find(URL)
    expect(world.fetched).toHaveLength(2)
  })

  test('errors and invalid documents are never cached', async () => {
    const { world, documents } = createWorld()
    world.document = undefined
    expect(await documents.find(URL)).toEqual({
      accepted: false,
      refusal: { problem: 'status (404)', isTemporary: false },
    })
    world.document = { ...GOOD, client_secret: 's' }
    expect(await documents.find(URL)).toMatchObject({
      accepted: false,
      refusal: { problem: expect.stringMatching(/^client_secret: /), isTemporary: false },
    })
    world.document = GOOD
    expect((await documents.find(URL))?.accepted).toBe(true)
    expect(world.fetched).toHaveLength(3)
  })

  test.each<[FetchRefusal, boolean]>([
    [{ reason: 'unreachable', detail: 'ECONNREFUSED' }, true],
    [{ reason: 'timeout' }, true],
    [{ reason: 'status', detail: '429' }, true],
    [{ reason: 'status', detail: '500' }, true],
    [{ reason: 'status', detail: '599' }, true],
    [{ reason: 'status', detail: '404' }, false],
    [{ reason: 'status', detail: '428' }, false],
    [{ reason: 'redirect', detail: '302' }, false],
    [{ reason: 'address-refused' }, false],
    [{ reason: 'too-large' }, false],
  ])('failure %o: the client may be known later: %s', async (failure, isTemporary) => {
    const { world, documents } = createWorld()
    Object.assign(world, { document: undefined, failure })
    expect(await documents.find(URL)).toMatchObject({ accepted: false, refusal: { isTemporary } })
  })

  test('CID-08 a changed document takes effect, and a removed one removes its client', async () => {
    const { world, documents } = createWorld()
    await documents.find(URL)
    world.document = { ...GOOD, client_name: 'Changed' }
    world.now += 60_000
    expect(await documents.find(URL)).toMatchObject({ value: { name: 'Changed' } })
    world.document = undefined
    world.now += 60_000
    expect((await documents.find(URL))?.accepted).toBe(false)
    expect(documents.peek(URL)).toBeUndefined()
  })

  test('SEC-13 fetches no document of a disallowed client, and forgets one that is no longer allowed', async () => {
    const { world, documents } = createWorld()
    for (const other of ['agent0', 'https://other.example/client.json', 'http://agent0.example/client.json'])
      expect(await documents.find(other)).toBeUndefined()
    expect(world.fetched).toEqual([])
    await documents.find(URL)
    world.allow = []
    expect(await documents.find(URL)).toBeUndefined()
    expect(documents.peek(URL)).toBeUndefined()
    expect(world.fetched).toHaveLength(1)
  })

  test('fetches at most 30 documents a minute from one host, however many URLs are made up', async () => {
    const { world, documents } = createWorld(['agent0.example', 'b.example'])
    for (let n = 0; n < 40; n += 1) await documents.find(`https://agent0.example/${n}`)
    expect(world.fetched).toHaveLength(30)
    expect(await documents.find(URL)).toEqual({ accepted: false, refusal: TOO_MANY })
    await documents.find('https://b.example/client.json')
    expect(world.fetched).toHaveLength(31)
    world.now += 60_000
    expect((await documents.find(URL))?.accepted).toBe(true)
  })

  test('made-up URLs do not lock out a known client, which has its own limit of 30', async () => {
    const { world, documents } = createWorld(['agent0.example'])
    await documents.find(URL)
    world.now += 60_000
    world.document = undefined
    for (let n = 0; n < 40; n += 1) await documents.find(`https://agent0.example/${n}`)
    world.document = GOOD
    expect(await documents.find('https://agent0.example/41')).toMatchObject({ refusal: TOO_MANY })
    expect((await documents.find(URL))?.accepted).toBe(true)
  })
})
