import type { ClientFact } from '@crosswalk/protocol'
import { expect, test } from 'vitest'

import { type ClientEndpointParts, createClientEndpoint } from './client-endpoint.ts'
import type { ReplayKey } from './ports.ts'

const CLIENT: ClientFact = { state: 'authenticated', clientId: 'agent0', method: 'client_secret_basic' }
const USED: ReplayKey = { kind: 'client-assertion', key: 'k', expiresAt: 1 }

interface Given {
  readonly fact?: ClientFact
  readonly retryAfterSeconds?: number
  readonly used?: ReplayKey
  readonly obstacle?: ReturnType<ClientEndpointParts['findObstacle']>
  readonly fault?: Error
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly method?: string
}

async function ask(given: Given) {
  const { fact = CLIENT, retryAfterSeconds, used, obstacle, fault, body = 'token=t', method = 'POST' } = given
  const calls: string[] = []
  const endpoint = createClientEndpoint({
    clock: { nowMs: () => 5 },
    clients: { usedAssertion: fact, observe: () => ({ fact, replayKeys: [USED], retryAfterSeconds }) },
    events: {
      async useOnce(keys) {
        calls.push(`use ${keys.length}`)
        return used
      },
    },
    findObstacle: () => obstacle,
    async handle({ form, clientId, nowMs }) {
      if (fault !== undefined) throw fault
      calls.push(`handle ${form.get('token')} of ${clientId} at ${nowMs}`)
      return { http: 200, body: { active: true } }
    },
    onFault: (one) => void calls.push(String(one)),
  })
  const response = await endpoint(
    new Request('https://as.test/introspect', {
      method,
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...given.headers },
      ...(method === 'GET' ? {} : { body }),
    }),
  )
  const answer = (await response.json().catch(() => ({}))) as Readonly<Record<string, unknown>>
  return { status: response.status, headers: response.headers, answer, calls }
}

test('responds to an authenticated client, consumes its assertion, and forbids caching', async () => {
  const { status, headers, answer, calls } = await ask({})
  expect([status, answer]).toEqual([200, { active: true }])
  expect(calls).toEqual(['use 1', 'handle t of agent0 at 5'])
  expect([headers.get('cache-control'), headers.get('pragma')]).toEqual(['no-store', 'no-cache'])
})

const refusedClient = (code: 'XAA1101' | 'XAA1106' | 'XAA1107'): ClientFact => ({
  state: 'refused',
  code,
  detail: 'why',
})

test.each<[string, Given, number, string | undefined, readonly string[]]>([
  ['a repeated parameter', { body: 'token=a&token=b' }, 400, 'invalid_request', []],
  ['another method', { method: 'GET' }, 405, 'invalid_request', []],
  ['a client that fails authentication', { fact: refusedClient('XAA1101') }, 401, 'invalid_client', []],
  ['a used assertion', { used: USED }, 401, 'invalid_client', ['use 1']],
  ['an unauthorized client', { obstacle: 'unauthorized_client' }, 400, 'unauthorized_client', []],
  ['a public client', { obstacle: 'invalid_client' }, 401, 'invalid_client', []],
])('refuses %s before calling the handler', async (_, given, http, error, calls) => {
  const refused = await ask(given)
  expect([refused.status, refused.answer['error'], refused.calls]).toEqual([http, error, calls])
})

test.each<[string, Given, string, string | null]>([
  [
    'how to authenticate if it used the Authorization header',
    { headers: { authorization: 'Basic eDp5' } },
    'www-authenticate',
    'Basic realm="token management", charset="UTF-8"',
  ],
  ['nothing by header if it used another method', {}, 'www-authenticate', null],
])('tells a client that fails authentication %s', async (_, given, name, value) => {
  expect((await ask({ fact: refusedClient('XAA1101'), ...given })).headers.get(name)).toBe(value)
})

test.each<[ClientFact, number | undefined, number, string]>([
  [refusedClient('XAA1107'), 9, 429, '9'],
  [refusedClient('XAA1106'), 2, 503, '2'],
  [refusedClient('XAA1106'), undefined, 503, '30'],
])('sends Retry-After to a client that must wait: %#', async (fact, retryAfterSeconds, http, wait) => {
  const { status, headers } = await ask({
    fact,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  })
  expect([status, headers.get('retry-after')]).toEqual([http, wait])
})

test('names the allowed method and content type, and logs a fault without revealing it', async () => {
  const { headers, answer: refused } = await ask({ method: 'GET' })
  expect([headers.get('allow'), refused['error_description']]).toEqual(['POST', 'The method must be POST.'])
  const json = await ask({ headers: { 'content-type': 'application/json' } })
  expect(json.answer['error_description']).toBe('The body must be application/x-www-form-urlencoded.')
  const { status, answer, calls } = await ask({ fault: new Error('secret detail') })
  expect([status, calls]).toEqual([500, ['use 1', 'Error: secret detail']])
  expect(JSON.stringify(answer)).not.toContain('secret detail')
})
