import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'

import { type ResolvedAddress, shareLookups } from './checked-lookup.ts'
import { createGuardedFetch, type GuardedFetch, MAX_CLIENT_METADATA_BYTES } from './guarded-fetch.ts'

let server: Server
let base = ''
let port = 0
let answer: RequestListener = (_, response) => response.end()
const seen: { url: string | undefined; headers: NodeJS.Dict<string | string[]> }[] = []
const opened: GuardedFetch[] = []

beforeAll(async () => {
  server = createServer((request, response) => {
    seen.push({ url: request.url, headers: request.headers })
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
  base = `http://127.0.0.1:${port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})
afterEach(async () => {
  seen.length = 0
  await Promise.all(opened.splice(0).map((fetch) => fetch.close()))
})

function open(options: Partial<Parameters<typeof createGuardedFetch>[0]> = {}): GuardedFetch {
  const fetch = createGuardedFetch({ allowLoopback: true, ...options })
  opened.push(fetch)
  return fetch
}

function respond(status: number, headers: Record<string, string>, body: string | Buffer): RequestListener {
  return (_, response) => response.writeHead(status, headers).end(body)
}

const json = { 'content-type': 'application/json' }

describe('SEC-12 documents', () => {
  test.each([
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON',
    'application/jwk-set+json',
    'application/vnd.example.v1+json',
  ])('reads %s', async (type) => {
    answer = respond(200, { 'content-type': type }, '{"a":1}')
    expect(await open().fetchJson(`${base}/jwks?x=1#y`)).toEqual({ accepted: true, value: { a: 1 } })
    expect(seen).toMatchObject([{ url: '/jwks?x=1', headers: { accept: 'application/json' } }])
    expect(seen[0]?.headers).not.toHaveProperty('cookie')
  })

  test.each<[string, RequestListener, string, unknown]>([
    ['a redirect', respond(302, { ...json, location: '/elsewhere' }, '{}'), 'redirect', '302'],
    [
      'a permanent redirect',
      respond(308, { ...json, location: 'http://169.254.169.254/' }, '{}'),
      'redirect',
      '308',
    ],
    ['not found', respond(404, json, '{}'), 'status', '404'],
    ['no content', respond(204, json, ''), 'status', '204'],
    ['a server error', respond(500, json, '{}'), 'status', '500'],
    ['HTML', respond(200, { 'content-type': 'text/html' }, '{}'), 'content-type', 'text/html'],
    [
      'a type that starts like JSON',
      respond(200, { 'content-type': 'application/jsonp' }, '{}'),
      'content-type',
      'application/jsonp',
    ],
    ['no type', respond(200, {}, '{}'), 'content-type', ''],
    [
      'a compressed body',
      respond(200, { ...json, 'content-encoding': 'gzip' }, '{}'),
      'content-type',
      'encoded as gzip',
    ],
    [
      'an answer encoded in another way',
      respond(200, { ...json, 'content-encoding': 'br' }, '{}'),
      'content-type',
      'encoded as br',
    ],
    ['not JSON', respond(200, json, 'hello'), 'not-json', 'not-json'],
    ['an array', respond(200, json, '[]'), 'not-json', 'not-an-object'],
    ['a repeated member', respond(200, json, '{"issuer":"a","issuer":"b"}'), 'not-json', 'repeated-member'],
    [
      'no HTTP',
      ({ socket }) => void socket.end('\0\0\u0006\u0004\0\0\0\0\0\0\u0005\0\0@\0'),
      'unreachable',
      'HTTPParserError',
    ],
    ['a cut connection', (_, response) => response.destroy(), 'unreachable', 'UND_ERR_SOCKET'],
  ])('refuses %s', async (_, listener, reason, detail) => {
    answer = listener
    expect(await open().fetchJson(base)).toEqual({ accepted: false, refusal: { reason, detail } })
    expect(seen).toHaveLength(1)
  })

  const documentOf = (bytes: number) => `{"a":"${'x'.repeat(bytes - 8)}"}`

  test.each([
    ['declared', (body: string) => respond(200, { ...json, 'content-length': String(body.length) }, body)],
    [
      'in chunks',
      (body: string): RequestListener =>
        (_, response) => {
          response.writeHead(200, json).write(body.slice(0, 4000))
          response.end(body.slice(4000))
        },
    ],
  ])('reads client metadata of 5 KiB, but not one byte more, %s', async (_, listener) => {
    const fetch = open()
    const limits = { maxBytes: MAX_CLIENT_METADATA_BYTES }
    answer = listener(documentOf(MAX_CLIENT_METADATA_BYTES))
    expect(await fetch.fetchJson(base, limits)).toMatchObject({ accepted: true })
    answer = listener(documentOf(MAX_CLIENT_METADATA_BYTES + 1))
    expect(await fetch.fetchJson(base, limits)).toMatchObject({
      accepted: false,
      refusal: { reason: 'too-large' },
    })
  })

  test('reads other documents of 256 KiB, but not one byte more', async () => {
    answer = respond(200, json, documentOf(262_144))
    expect(await open().fetchJson(base)).toMatchObject({ accepted: true })
    answer = respond(200, json, documentOf(262_145))
    expect(await open().fetchJson(base)).toMatchObject({ accepted: false, refusal: { reason: 'too-large' } })
  })

  test.each<[string, RequestListener]>([
    ['never responds', () => undefined],
    ['never ends', (_, response) => response.writeHead(200, json).write('{')],
  ])('gives up on a server that %s', async (_, listener) => {
    answer = listener
    expect(await open({ totalTimeoutMs: 50 }).fetchJson(base)).toMatchObject({
      accepted: false,
      refusal: { reason: 'timeout' },
    })
  })

  test('a closed port is unreachable', async () => {
    const closed = createServer()
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
    const { port: free } = closed.address() as AddressInfo
    await new Promise((resolve) => closed.close(resolve))
    expect(await open().fetchJson(`http://127.0.0.1:${free}/`)).toEqual({
      accepted: false,
      refusal: { reason: 'unreachable', detail: 'ECONNREFUSED' },
    })
  })
})

describe('SEC-11 addresses', () => {
  const resolved: string[] = []
  const resolveTo = (...addresses: string[]) => {
    resolved.length = 0
    return (hostname: string) => {
      resolved.push(hostname)
      return Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })))
    }
  }

  test('connects to the address it resolved, once', async () => {
    answer = respond(200, json, '{}')
    const fetch = open({ resolve: resolveTo('127.0.0.1') })
    const url = `http://idp.localhost:${port}/`
    expect(await fetch.fetchJson(url)).toMatchObject({ accepted: true })
    expect(resolved).toEqual(['idp.localhost'])
    expect(seen).toMatchObject([{ headers: { host: `idp.localhost:${port}` } }])
  })

  test.each([
    ['a private address', ['10.0.0.1']],
    ['this machine', ['127.0.0.1']],
    ['a cloud metadata service', ['169.254.169.254']],
    ['a public and a private address', ['8.8.8.8', '192.168.0.1']],
    ['IPv4 in IPv6', ['::ffff:127.0.0.1']],
    ['nothing', []],
  ])('refuses a public name that resolves to %s', async (_, addresses) => {
    const fetch = open({ resolve: resolveTo(...addresses) })
    expect(await fetch.fetchJson(`https://idp.example:${port}/`)).toEqual({
      accepted: false,
      refusal: { reason: 'address-refused' },
    })
    expect(resolved).toEqual(['idp.example'])
    expect(seen).toEqual([])
  })

  test('refuses this machine unless allowed, before resolving', async () => {
    const fetch = open({ allowLoopback: false, resolve: resolveTo('127.0.0.1') })
    for (const url of [base, `http://localhost:${port}/`, `https://[::1]:${port}/`])
      expect(await fetch.fetchJson(url)).toEqual({ accepted: false, refusal: { reason: 'address-refused' } })
    expect(resolved).toEqual([])
  })

  test('a name that does not exist is unreachable', async () => {
    const resolve = () => Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }))
    expect(await open({ resolve }).fetchJson('https://idp.example/')).toEqual({
      accepted: false,
      refusal: { reason: 'unreachable', detail: 'ENOTFOUND' },
    })
  })

  test('gives up on a resolver that hangs', async () => {
    const resolve = () => new Promise<never>(() => undefined)
    const fetch = open({ resolve, totalTimeoutMs: 50 })
    expect(await fetch.fetchJson('https://idp.example/')).toMatchObject({ refusal: { reason: 'timeout' } })
  })

  test('has one lookup of a host at a time, whose result all requests get, and looks it up again later', async () => {
    const lookups: PromiseWithResolvers<readonly ResolvedAddress[]>[] = []
    const resolve = shareLookups(() => {
      const lookup = Promise.withResolvers<readonly ResolvedAddress[]>()
      lookups.push(lookup)
      return lookup.promise
    })
    const address = { address: '127.0.0.1', family: 4 }
    const two = [resolve('slow.example'), resolve('slow.example')]
    const other = resolve('other.example')
    expect(lookups).toHaveLength(2)
    lookups[1]?.resolve([address])
    expect(await other).toEqual([address])
    lookups[0]?.reject(new Error('no answer'))
    for (const one of two) await expect(one).rejects.toThrow('no answer')
    const later = resolve('slow.example')
    lookups[2]?.resolve([address])
    expect(await later).toEqual([address])
  })

  test('ignores proxies from the environment', async () => {
    answer = respond(200, json, '{}')
    process.env.HTTP_PROXY = process.env.http_proxy = 'http://127.0.0.1:9'
    try {
      expect(await open().fetchJson(base)).toMatchObject({ accepted: true })
    } finally {
      delete process.env.HTTP_PROXY
      delete process.env.http_proxy
    }
  })
})
