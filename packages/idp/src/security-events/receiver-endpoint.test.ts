import type { ClientFact } from '@crosswalk/protocol'
import { expect, test } from 'vitest'

import { createReceiverEndpoint } from './receiver-endpoint.ts'

const AUDIENCE = 'https://as.vendor.test'
const CLIENT: ClientFact = {
  state: 'authenticated',
  clientId: 'receiver-a',
  method: 'client_secret_basic',
}

interface Given {
  readonly fact?: ClientFact
  readonly audiences?: readonly string[]
  readonly methods?: readonly string[]
  readonly method?: string
  readonly body?: string
  readonly fault?: Error
}

async function ask({
  fact = CLIENT,
  audiences = [AUDIENCE],
  methods = ['POST'],
  method = 'POST',
  body = '{}',
  fault,
}: Given) {
  const faults: unknown[] = []
  const endpoint = createReceiverEndpoint(
    methods,
    {
      clock: { nowMs: () => 0 },
      clients: { usedAssertion: fact, observe: () => ({ fact, replayKeys: [], retryAfterSeconds: 7 }) },
      audiencesOf: () => audiences,
      onFault: (one) => void faults.push(one),
    },
    async (request) => {
      if (fault !== undefined) throw fault
      return { http: 200, body: { app: request.app, audiences: request.audiences, body: request.body } }
    },
  )
  const response = await endpoint(
    new Request('https://idp.acme.test/ssf', { method, ...(/GET|HEAD/.test(method) ? {} : { body }) }),
  )
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? undefined : JSON.parse(text),
    faults,
  }
}

test('accepts a receiver for its own servers', async () => {
  const { status, headers, body } = await ask({ body: '{"a":1}' })
  expect([status, headers.get('cache-control')]).toEqual([200, 'no-store'])
  expect(body).toEqual({ app: 'receiver-a', audiences: [AUDIENCE], body: { a: 1 } })
})

test('accepts a request without a body', async () => {
  expect((await ask({ body: '' })).body).toEqual({ app: 'receiver-a', audiences: [AUDIENCE] })
})

const refused: readonly [string, Given, number, string | undefined][] = [
  ['a public client', { fact: { ...CLIENT, method: 'none' } }, 401, 'authentication_failed'],
  [
    'wrong credentials',
    { fact: { state: 'refused', code: 'XAA1101', detail: 'wrong client secret' } },
    401,
    'authentication_failed',
  ],
  [
    'a client that guessed too often',
    { fact: { state: 'refused', code: 'XAA1107', detail: 'too many' } },
    429,
    'slow_down',
  ],
  ['a client that is no receiver', { audiences: [] }, 403, 'access_denied'],
  ['another method', { method: 'GET' }, 405, undefined],
  ['a body that is not an object', { body: '[]' }, 400, 'invalid_request'],
  ['a body with a repeated member', { body: '{"a":1,"a":2}' }, 400, 'invalid_request'],
]

test.each(refused)('refuses %s', async (_, given, http, err) => {
  const { status, body } = await ask(given)
  expect([status, body?.err]).toEqual([http, err])
})

test('returns the authentication scheme, the waiting time and the allowed methods', async () => {
  const headerOf = async (given: Given, name: string) => (await ask(given)).headers.get(name)
  expect(await headerOf({ fact: { ...CLIENT, method: 'none' } }, 'www-authenticate')).toBe(
    'Basic realm="streams"',
  )
  expect(await headerOf({ fact: { state: 'refused', code: 'XAA1107', detail: '' } }, 'retry-after')).toBe('7')
  expect(await headerOf({ method: 'GET' }, 'allow')).toBe('POST')
})

test('responds to HEAD as to GET, where that is allowed (RFC 9110 section 9.1)', async () => {
  const methods = ['GET', 'POST']
  expect((await ask({ methods, method: 'HEAD' })).status).toBe(200)
  expect((await ask({ methods, method: 'PUT' })).headers.get('allow')).toBe('GET, HEAD, POST')
  expect((await ask({ method: 'HEAD' })).status).toBe(405)
})

test.each([
  [65_536, 200],
  [65_537, 400],
])('a body of %i bytes gets %i', async (bytes, http) => {
  const body = `{"a":"${'x'.repeat(bytes - 8)}"}`
  expect([body.length, (await ask({ body })).status]).toEqual([bytes, http])
})

test('logs a fault without revealing it', async () => {
  const fault = new Error('secret detail')
  const { status, body, faults } = await ask({ fault })
  expect([status, body, faults]).toEqual([500, undefined, [fault]])
})
