import { expect, test } from 'vitest'

import { answerRefusal, createTokenEndpoint, findTraceId } from './token-endpoint.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'

interface Given {
  readonly body?: string
  readonly method?: string
  readonly traceparent?: string
  readonly recordFails?: boolean
}

async function ask({ body = 'grant_type=known', method = 'POST', traceparent, recordFails = false }: Given) {
  const seen: unknown[] = []
  const faults: string[] = []
  const endpoint = createTokenEndpoint({
    clock: { nowMs: () => 5 },
    codes: { unread: 'XAA1004', grantType: 'XAA1009' },
    grants: {
      async known({ traceId, receivedAtMs, ip }) {
        seen.push({ traceId, receivedAtMs, ip })
        return { http: 200, body: { ok: true }, headers: { 'dpop-nonce': 'n' } }
      },
      async broken() {
        throw new Error('secret detail')
      },
    },
    async refuseUnread({ problem }) {
      if (recordFails) throw new Error('no disk')
      seen.push(problem)
    },
    async recordFault({ grantType, fault: { code } }) {
      if (recordFails) throw new Error('no disk')
      seen.push({ grantType, code })
    },
    onFault: (fault) => void faults.push(String(fault)),
  })
  const headers = { 'content-type': 'application/x-www-form-urlencoded', ...(traceparent && { traceparent }) }
  const response = await endpoint(
    new Request('https://idp.test/token', { method, headers, ...(method === 'GET' ? {} : { body }) }),
    '203.0.113.7',
  )
  const answer = (await response.json()) as Readonly<Record<string, unknown>>
  return { status: response.status, headers: response.headers, answer, seen, faults }
}

test('passes a request to its grant, and forbids caching the response', async () => {
  const { status, headers, answer, seen } = await ask({ traceparent: `00-${TRACE}-00f067aa0ba902b7-01` })
  expect([status, answer]).toEqual([200, { ok: true }])
  expect(seen).toEqual([{ traceId: TRACE, receivedAtMs: 5, ip: '203.0.113.7' }])
  expect([headers.get('cache-control'), headers.get('pragma')]).toEqual(['no-store', 'no-cache'])
  expect(headers.get('dpop-nonce')).toBe('n')
  expect(headers.get('crosswalk-decision')).toMatch(/^dec_/)
})

test.each<[Given, number, string, object]>([
  [{ body: 'a=b' }, 400, 'invalid_request', { code: 'XAA1004', detail: 'grant_type missing' }],
  [
    { body: 'grant_type=known&grant_type=known' },
    400,
    'invalid_request',
    { code: 'XAA1004', detail: 'grant_type repeated' },
  ],
  [
    { body: 'grant_type=other' },
    400,
    'unsupported_grant_type',
    { code: 'XAA1009', detail: 'grant_type not offered' },
  ],
  [
    { body: 'grant_type=toString' },
    400,
    'unsupported_grant_type',
    { code: 'XAA1009', detail: 'grant_type not offered' },
  ],
  [{ method: 'GET' }, 405, 'invalid_request', { code: 'XAA1004', detail: 'method GET' }],
])('records and refuses %j', async (given, http, error, problem) => {
  const { status, headers, answer, seen } = await ask(given)
  expect([status, headers.get('allow')]).toEqual([http, http === 405 ? 'POST' : null])
  expect(seen).toEqual([problem])
  if (error === 'invalid_request') expect(answer['error']).toBe(error)
})

test.each([false, true])(
  'a fault is logged but not revealed, even if recording it fails: %s',
  async (recordFails) => {
    const { status, answer, seen, faults } = await ask({ body: 'grant_type=broken', recordFails })
    expect(status).toBe(500)
    expect(JSON.stringify(answer)).not.toContain('secret detail')
    expect(seen).toEqual(recordFails ? [] : [{ grantType: 'broken', code: 'XAA9001' }])
    expect(faults).toEqual(['Error: secret detail', ...(recordFails ? ['Error: no disk'] : [])])
  },
)

test('a refusal that cannot be recorded is a fault', async () => {
  const { status, seen, faults } = await ask({ body: 'a=b', recordFails: true })
  expect([status, seen, faults]).toEqual([500, [], ['Error: no disk', 'Error: no disk']])
})

test.each<[string, number, Readonly<Record<string, string>>, string | null]>([
  [
    '401 to a client that used the Authorization header',
    401,
    { authorization: 'Basic eDp5' },
    'Basic realm="token endpoint", charset="UTF-8"',
  ],
  ['401 to a client that used another method', 401, {}, null],
  ['400 to a client that used the Authorization header', 400, { authorization: 'Basic eDp5' }, null],
])('a refusal with %s', (_, http, headers, challenge) => {
  const { headers: answered } = answerRefusal(
    { wire: { http, error: 'invalid_client' } },
    { headers: new Headers(headers) },
  )
  expect(answered?.['www-authenticate'] ?? null).toBe(challenge)
})

test('a refusal states when to retry and with which nonce, in headers only', () => {
  const request = { headers: new Headers() }
  const { body, headers } = answerRefusal(
    { wire: { http: 429, error: 'slow_down', retry_after: 9 } },
    request,
    'n1',
  )
  expect([body, headers]).toEqual([{ error: 'slow_down' }, { 'dpop-nonce': 'n1', 'retry-after': '9' }])
  expect(answerRefusal({ wire: { http: 400, error: 'invalid_grant' } }, request).headers).toEqual({})
})

test.each([
  [`00-${TRACE}-00f067aa0ba902b7-01`, TRACE],
  [`00-${TRACE}-00f067aa0ba902b7`, undefined],
  [`00-${TRACE.toUpperCase()}-00f067aa0ba902b7-01`, undefined],
  [`x00-${TRACE}-00f067aa0ba902b7-01`, undefined],
  [`00-${TRACE}-00f067aa0ba902b7-01x`, undefined],
  [null, undefined],
])('the trace of %s is %s', (traceparent, trace) => {
  expect(findTraceId(new Headers(traceparent === null ? {} : { traceparent }))).toBe(trace)
})

test('refuses a request that it does not read with a record, and says when to retry', async () => {
  const recorded: unknown[] = []
  const endpoint = createTokenEndpoint({
    clock: { nowMs: () => 5 },
    codes: { unread: 'XAA1004', grantType: 'XAA1009' },
    grants: {},
    refuseUnread: async () => expect.unreachable(),
    recordFault: async (faulted) => void recorded.push(faulted),
    onFault: () => expect.unreachable(),
  })
  const { status, headers } = await endpoint.refuseOverload({ headers: new Headers() })
  expect([status, headers.get('retry-after')]).toEqual([503, '1'])
  expect(recorded).toMatchObject([
    {
      decisionId: headers.get('crosswalk-decision'),
      nowMs: 5,
      grantType: undefined,
      fault: { code: 'XAA9003', retryAfterSeconds: 1 },
    },
  ])
})
