// Which responses the client accepts as from the admin API, and which it rejects because a URL leads to another server.
import { describe, expect, it } from 'vitest'

import { isAnswerOf } from './answers.ts'
import { AdminApiError, createAdminClient } from './client.ts'
import { ADMIN_API_PATH } from './routes.ts'

const JSON_TYPE = { 'content-type': 'application/json' }

function clientOf(status: number, text: string | null, headers: Record<string, string> = JSON_TYPE) {
  return createAdminClient({
    baseUrl: 'http://127.0.0.1:9',
    fetch: async () => new Response(text, { status, headers }),
    isAnswer: isAnswerOf,
  })
}

async function failure(attempt: Promise<unknown>): Promise<AdminApiError> {
  const error: unknown = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(AdminApiError)
  return error as AdminApiError
}

describe('a request', () => {
  const sent: Request[] = []
  const client = createAdminClient({
    ...{ baseUrl: 'http://127.0.0.1:9/', token: 'the token' },
    fetch: async (url, init) => {
      sent.push(new Request(url, init))
      return new Response(null, { status: 204 })
    },
  })
  const lastOf = async (call: Promise<unknown>) => {
    await call
    const { method, url, headers, body } = sent.at(-1)!
    const text = body === null ? undefined : await sent.at(-1)!.text()
    return {
      method,
      path: url.slice('http://127.0.0.1:9'.length),
      headers: Object.fromEntries(headers),
      text,
    }
  }

  it('has the address of its route, with escaped ids and only the values that are given', async () => {
    const { method, path, headers, text } = await lastOf(
      client.call('apps.list', { query: { limit: 5, cursor: undefined } } as never),
    )
    expect([method, path, text]).toEqual(['GET', `${ADMIN_API_PATH}/apps?limit=5`, undefined])
    expect(headers).toEqual({ accept: 'application/json', authorization: 'Bearer the token' })
    const read = await lastOf(client.call('apps.read', { params: { id: 'a/b c' } }))
    expect(read.path).toBe(`${ADMIN_API_PATH}/apps/a%2Fb%20c`)
  })

  it.each([
    ['blocks.create', { body: { kind: 'everything' } }, { kind: 'everything', reason: 'Grüße' }, undefined],
    ['blocks.lift', { params: { id: 'b' } }, undefined, 'Gr%C3%BC%C3%9Fe'],
    ['apps.create', { body: { id: 'a' } }, { id: 'a' }, 'Gr%C3%BC%C3%9Fe'],
  ])('%s has its reason where the route expects it', async (name, call, body, header) => {
    const { headers, text } = await lastOf(client.call(name as never, call as never, { reason: 'Grüße' }))
    expect([text === undefined ? undefined : JSON.parse(text), headers['crosswalk-reason']]).toEqual([
      body,
      header,
    ])
  })

  it('has the conditions and the media type of a change', async () => {
    const change = { params: { id: 'a' }, body: { name: 'A' }, ifMatch: '"1"' }
    const options = { idempotencyKey: 'key', overrideTests: true }
    const { method, headers } = await lastOf(client.call('apps.change', change as never, options))
    expect([method, headers]).toMatchObject([
      'PATCH',
      {
        ...{ 'if-match': '"1"', 'idempotency-key': 'key', 'crosswalk-override': 'policy-tests' },
        'content-type': 'application/merge-patch+json',
      },
    ])
    const created = await lastOf(client.call('apps.create', { body: { id: 'a' } } as never))
    expect(created.headers['content-type']).toBe('application/json')
    for (const name of ['if-match', 'idempotency-key', 'crosswalk-override', 'crosswalk-reason'])
      expect(created.headers).not.toHaveProperty(name)
  })
})

it.each([
  ['7', 7],
  [undefined, undefined],
  ['Wed, 21 Oct 2026 07:28:00 GMT', undefined],
])('a problem with Retry-After %s is retried after %s seconds', async (after, seconds) => {
  const headers = { ...JSON_TYPE, ...(after === undefined ? {} : { 'retry-after': after }) }
  const error = await failure(clientOf(503, '{}', headers).call('apps.list', { query: {} }))
  expect(error).toMatchObject({ status: 503, retryAfterSeconds: seconds })
})

it('a read object has the version for its next change', async () => {
  const shown = { ...JSON_TYPE, etag: '"7"' }
  const client = createAdminClient({
    baseUrl: 'http://127.0.0.1:9',
    fetch: async () => new Response('{"id":"a"}', { headers: shown }),
  })
  expect((await client.call('apps.read', { params: { id: 'a' } })).etag).toBe('"7"')
})

describe('an answer', () => {
  const list = (text: string | null, status = 200) =>
    clientOf(status, text).call('apps.list', { query: { limit: 1 } })

  it.each(['{"items":[]}', '{"items":[],"next":null,"more":1}'])('%s', async (text) =>
    expect((await list(text)).body).toEqual(JSON.parse(text)),
  )

  it.each(['', '<!doctype html>', 'null', '[]', '"x"', '{}', '{"status":"up"}'])('rejects %j', async (text) =>
    expect(await failure(list(text))).toMatchObject({ status: 200, problem: undefined }),
  )

  it('without a body is accepted only if the route has none', async () => {
    const remove = (status: number) =>
      clientOf(status, null).call('apps.delete', { params: { id: 'a' }, ifMatch: '"1"' })
    expect((await remove(204)).body).toBeUndefined()
    expect(await failure(remove(200))).toMatchObject({ problem: undefined })
  })
})

describe('a problem', () => {
  it.each([
    ['ours', '{"type":"https://crosswalk.test/problems/not-found","title":"Not found"}', true],
    ['those of a gateway', '{"title":"Not found"}', false],
    ['an OAuth error', '{"error":"not_found"}', false],
    ['a list', '[]', false],
    ['nothing', 'null', false],
    ['a page', '<p>', false],
  ])('%s', async (_, text, isOurs) => {
    const { problem } = await failure(clientOf(404, text).call('apps.list', { query: {} }))
    expect(problem !== undefined).toBe(isOurs)
  })
})
