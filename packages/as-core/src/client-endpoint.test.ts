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

test('answers an authenticated client, whose assertion is used once, and nothing is kept', async () => {
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
  ['a parameter that comes twice', { body: 'token=a&token=b' }, 400, 'invalid_request', []],
  ['another method', { method: 'GET' }, 405, 'invalid_request', []],
  ['a client that is not who it says', { fact: refusedClient('XAA1101') }, 401, 'invalid_client', []],
  ['an assertion that was used before', { used: USED }, 401, 'invalid_client', ['use 1']],
  ['a client that may not ask', { obstacle: 'unauthorized_client' }, 400, 'unauthorized_client', []],
  ['a client that only named itself', { obstacle: 'invalid_client' }, 401, 'invalid_client', []],
])('refuses %s before anything is looked up', async (_, given, http, error, calls) => {
  const refused = await ask(given)
  expect([refused.status, refused.answer['error'], refused.calls]).toEqual([http, error, calls])
})

test.each<[string, Given, string, string | null]>([
  [
    'how to authenticate, to those who tried by header',
    { headers: { authorization: 'Basic eDp5' } },
    'www-authenticate',
    'Basic realm="token management", charset="UTF-8"',
  ],
  ['nothing of headers to those who tried otherwise', {}, 'www-authenticate', null],
])('a client that is not who it says is told %s', async (_, given, name, value) => {
  expect((await ask({ fact: refusedClient('XAA1101'), ...given })).headers.get(name)).toBe(value)
})

test.each<[ClientFact, number | undefined, number, string]>([
  [refusedClient('XAA1107'), 9, 429, '9'],
  [refusedClient('XAA1106'), 2, 503, '2'],
  [refusedClient('XAA1106'), undefined, 503, '30'],
])('a client that has to wait is told for how long: %#', async (fact, retryAfterSeconds, http, wait) => {
  const { status, headers } = await ask({
    fact,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  })
  expect([status, headers.get('retry-after')]).toEqual([http, wait])
})

test('another method is told the right one, and a fault is reported and tells nothing', async () => {
  expect((await ask({ method: 'GET' })).headers.get('allow')).toBe('POST')
  const { status, answer, calls } = await ask({ fault: new Error('secret detail') })
  expect([status, calls]).toEqual([500, ['use 1', 'Error: secret detail']])
  expect(JSON.stringify(answer)).not.toContain('secret detail')
})
