// Guessing a client secret is slow at every endpoint that accepts one: each delay next to the right secret from another address.
import { GRANT_TYPE } from '@crosswalk/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { AGENT, AGENT_AT_VENDOR, company } from '../support/company.ts'
import { basic, postForm } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const FREE_GUESSES = 10
/** A separate address for each endpoint, so that they do not count each other's failures */
let networks = 0

let server: TestServer

beforeAll(async () => {
  server = await startTestServer({
    file: (baseUrl) => company(baseUrl),
    listen: { trustedProxies: ['127.0.0.1'] },
  })
})
afterAll(() => server.stop())

describe.each([
  ['token endpoint of the IdP', '/token', { grant_type: GRANT_TYPE.tokenExchange }, AGENT, 'idp'],
  ['refresh grant of the IdP', '/token', { grant_type: 'refresh_token' }, AGENT, 'idp'],
  ['introspection of the IdP', '/introspect', { token: 'x' }, AGENT, 'idp'],
  ['revocation of the IdP', '/revoke', { token: 'x' }, AGENT, 'idp'],
  ['reachable resources of the IdP', '/reachable-resources', { subject_token: 'x' }, AGENT, 'idp'],
  ['pushed requests of the IdP', '/par', { response_type: 'code' }, AGENT, 'idp'],
  [
    'token endpoint of the Resource AS',
    '/as/vendor/token',
    { grant_type: GRANT_TYPE.jwtBearer, assertion: 'x' },
    AGENT_AT_VENDOR,
    'as:vendor',
  ],
  ['introspection of the Resource AS', '/as/vendor/introspect', { token: 'x' }, AGENT_AT_VENDOR, 'as:vendor'],
  ['revocation of the Resource AS', '/as/vendor/revoke', { token: 'x' }, AGENT_AT_VENDOR, 'as:vendor'],
])('at the %s', (_name, path, form, client, log) => {
  const address = `2001:db8:0:${(networks += 1)}::1`
  const send = (secret: string, from: string) =>
    postForm(`${server.baseUrl}${path}`, form, {
      authorization: basic({ id: client.id, secret }),
      'x-forwarded-for': from,
    })

  it('delays wrong client secrets from one address, and not the right one from another', async () => {
    const guesses = await Promise.all(
      Array.from({ length: FREE_GUESSES }, (_, guess) => send(`wrong ${guess}`, address)),
    )
    expect(guesses.map(({ status }) => status)).toEqual(Array.from({ length: FREE_GUESSES }, () => 401))
    const delayed = await Promise.all([send('wrong again', address), send(client.secret, address)])
    for (const { status, headers, body } of delayed) {
      expect([status, body['error']]).toEqual([429, 'slow_down'])
      expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
      expect(headers.get('cache-control')).toBe('no-store')
    }
    expect([401, 429]).not.toContain((await send(client.secret, '192.0.2.77')).status)
    const { items } = await server.events((events) => events.list({ log, limit: 100 }))
    const told = items.filter(
      ({ event: { type, source } }) => type === 'client.authentication_delayed' && source?.['ip'] === address,
    )
    expect(told).toHaveLength(1)
    expect(told[0]?.event).toMatchObject({ target: { kind: 'app', id: client.id } })
  })

  it('responds the same to guesses for an unknown client, and records no event', async () => {
    const from = address.replace('db8:0', 'db8:1')
    const guess = (id: string) =>
      postForm(`${server.baseUrl}${path}`, form, {
        authorization: basic({ id, secret: 'wrong' }),
        'x-forwarded-for': from,
      })
    const tell = async (id: string) => {
      const answers = []
      for (let time = 0; time <= FREE_GUESSES; time += 1) answers.push(await guess(id))
      return answers.map(({ status, headers, body }) => [
        ...[status, body['error'], body['error_description']],
        ...['www-authenticate', 'cache-control', 'content-type'].map((name) => headers.get(name)),
      ])
    }
    const unknown = await tell('nobody-of-this-name')
    expect(unknown.map(([status]) => status)).toEqual([...Array<number>(FREE_GUESSES).fill(401), 429])
    expect(unknown).toEqual(await tell(client.id))
    const { items } = await server.events((events) => events.list({ log, limit: 100 }))
    const told = items.filter(
      ({ event: { type, source } }) => type === 'client.authentication_delayed' && source?.['ip'] === from,
    )
    expect(told.map(({ event: { target } }) => target)).toEqual([{ kind: 'app', id: client.id }])
  })
})
