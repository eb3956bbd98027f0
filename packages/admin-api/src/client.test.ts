// Which responses the client accepts as from the admin API, and which it rejects because a URL leads to another server.
import { describe, expect, it } from 'vitest'

import { isAnswerOf } from './answers.ts'
import { AdminApiError, createAdminClient } from './client.ts'

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
