import { beforeEach, expect, test, vi } from 'vitest'

import { createLocalInspector, Introspector } from './introspector.ts'

let nowMs: number
let asked: string[]
let headers: Headers
beforeEach(() => {
  nowMs = 1000
  asked = []
})

interface Options {
  readonly freshnessSeconds?: number
  readonly maxEntries?: number
  readonly answer?: object
  /** How long each request takes */
  readonly takesMs?: number
  /** When the server begins to answer */
  readonly held?: Promise<undefined>
}

function open({ answer, takesMs = 0, held, ...options }: Options = {}) {
  const fetch = async (_: string, init: RequestInit = {}) => {
    nowMs += takesMs
    headers = new Headers(init.headers)
    const token = new URLSearchParams(String(init.body)).get('token') ?? ''
    asked.push(token)
    await held
    return Response.json(answer ?? { active: token !== 'gone', sub: token })
  }
  return new Introspector(
    { fetch, nowMs: () => nowMs, timeoutMs: 1000 },
    { clientId: 'api:1', clientSecret: 's %', ...options },
    async () => 'https://as.test/introspect',
  )
}

test('keeps a limited number of results: only the oldest is requested again', async () => {
  const inspector = open({ maxEntries: 2 })
  for (const token of ['a', 'b', 'c']) await inspector.find(token)
  asked = []
  for (const token of ['b', 'c', 'a']) await inspector.find(token)
  expect(asked).toEqual(['a'])
})

test.each([
  [{ freshnessSeconds: 2 }, 2999, 1],
  [{ freshnessSeconds: 2 }, 3000, 2],
  [{}, 1499, 1],
  [{}, 1500, 2],
])(
  'with %j a result of 1000 ms is fresh: at %i ms it was requested %i times',
  async (options, later, times) => {
    const inspector = open(options)
    await inspector.find('a')
    nowMs = later
    await inspector.find('a')
    expect(asked).toHaveLength(times)
  },
)

test.each([
  [1499, 1],
  [1500, 2],
])(
  'simultaneous requests share an answer asked for at 1000 ms: at %i ms, %i were sent',
  async (later, times) => {
    const pending: ((answer: Response) => void)[] = []
    const fetch = () => new Promise<Response>((resolve) => pending.push(resolve))
    const access = { fetch, nowMs: () => nowMs, timeoutMs: 60_000 }
    const options = { clientId: 'api', clientSecret: 'secret' }
    const inspector = new Introspector(access, options, async () => 'https://as.test/introspect')
    const first = inspector.find('a')
    await vi.waitFor(() => expect(pending).toHaveLength(1))
    nowMs = later
    const second = inspector.find('a')
    await vi.waitFor(() => expect(pending).toHaveLength(times))
    // The token was revoked in the meantime.
    for (const [index, answer] of pending.entries()) answer(Response.json({ active: index === 0, sub: 'a' }))
    expect(await first).toMatchObject({ sub: 'a' })
    expect((await second)?.sub).toBe(times === 1 ? 'a' : undefined)
  },
)

test('counts freshness from the request: the token may be revoked while the response is on its way', async () => {
  const inspector = open({ freshnessSeconds: 2, takesMs: 1500 })
  await inspector.find('a')
  nowMs += 500
  await inspector.find('a')
  expect(asked).toHaveLength(2)
})

test('gives each of several tokens its own result, however they are requested', async () => {
  const { promise, resolve } = Promise.withResolvers<undefined>()
  const inspector = open({ held: promise })
  const finding = Promise.all(['a', 'b', 'gone', 'a'].map((token) => inspector.find(token)))
  // Digests of the tokens may be ready in any order.
  await expect.poll(() => asked.toSorted()).toEqual(['a', 'b', 'gone'])
  resolve(undefined)
  expect((await finding).map((answer) => answer?.sub)).toEqual(['a', 'b', undefined, 'a'])
})

test('reveals nothing about a token that is not active', async () => {
  expect(await open().find('gone')).toBeUndefined()
  expect(await open().find('a')).toMatchObject({ active: true, sub: 'a' })
})

test.each<[unknown, boolean]>([
  [true, true],
  [false, false],
  ['true', false],
  [1, false],
  [undefined, false],
])('an answer with active %j is of a live token: %s (RFC 7662 section 2.2)', async (active, live) => {
  const answer = { active, sub: 'alice' }
  const expected = live ? answer : undefined
  expect(await open({ answer }).find('a')).toEqual(expected)
  expect(await createLocalInspector(async () => answer as never).find('a')).toEqual(expected)
})

test('authenticates the API by id and secret, each form-encoded (RFC 6749 section 2.3.1)', async () => {
  await open().find('a')
  expect(headers.get('authorization')).toBe(`Basic ${btoa('api%3A1:s%20%25')}`)
})
