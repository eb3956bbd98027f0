// Behind reverse proxies, configured as we publish it: which client address policies and events see, and that clients cannot
// forge it.
import { request } from 'node:http'

import { GRANT_TYPE, TOKEN_TYPE } from '@crosswalk/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { AGENT, company, TODO } from '../support/company.ts'
import { basic, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { canStart, type Proxy, PROXY_KINDS, startProxy } from './proxies.ts'

/** All of 127.0.0.0/8 is this machine, so each party can have its own address. */
const PROXY = '127.0.0.5'
const OFFICE = '127.0.0.10'
const ELSEWHERE = '127.0.0.11'

const officeOnly = {
  id: 'office-only',
  when: { 'network.outside': OFFICE },
  effect: 'deny',
  state: 'enforced',
}

function start(listen: Readonly<Record<string, unknown>>): Promise<TestServer> {
  return startTestServer({
    listen,
    file: (baseUrl) => company(baseUrl, { idp: { policies: [officeOnly] } }),
  })
}

interface Asked {
  readonly port: number
  readonly from: string
  readonly headers?: Readonly<Record<string, string>>
}

function ask(
  path: string,
  { port, from, headers = {} }: Asked,
  body?: URLSearchParams,
): Promise<{ readonly status: number; readonly body: Record<string, unknown>; readonly decision: string }> {
  return new Promise((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST'
    const sent = request({
      host: '127.0.0.1',
      port,
      localAddress: from,
      path,
      method,
      headers,
      agent: false,
    })
    sent.on('error', reject)
    sent.on('response', (response) => {
      void response.toArray().then((chunks) =>
        resolve({
          status: response.statusCode ?? 0,
          body: JSON.parse(Buffer.concat(chunks as Buffer[]).toString()) as Record<string, unknown>,
          decision: String(response.headers['crosswalk-decision']),
        }),
      )
    })
    sent.end(body?.toString())
  })
}

/** Open recommendations about reverse proxies. */
async function findTrouble(server: TestServer) {
  const found = await ask('/admin/api/v1/recommendations?rule=reverse-proxy', {
    port: server.running.port,
    from: OFFICE,
    headers: { authorization: 'Bearer an admin token of more than 32 characters' },
  })
  return found.body
}

describe.each(PROXY_KINDS)('behind $name', (kind) => {
  describe.skipIf(!canStart(kind))('which is declared', () => {
    let server: TestServer
    let proxy: Proxy
    let idToken = ''
    beforeAll(async () => {
      server = await start({ trustedProxies: [PROXY] })
      proxy = await startProxy(kind, server.running.port, PROXY)
      idToken = (await signInFor(server.baseUrl, 'alice')).idToken
    })
    afterAll(async () => {
      await proxy.stop()
      await server.stop()
    })

    function exchange(asked: Asked) {
      const form = new URLSearchParams({
        grant_type: GRANT_TYPE.tokenExchange,
        requested_token_type: TOKEN_TYPE.idJag,
        audience: `${server.baseUrl}/as/vendor`,
        resource: TODO,
        scope: 'todos.read',
        subject_token: idToken,
        subject_token_type: TOKEN_TYPE.idToken,
      })
      const type = 'application/x-www-form-urlencoded'
      const headers = { authorization: basic(AGENT), 'content-type': type, ...asked.headers }
      return ask('/token', { ...asked, headers }, form)
    }

    it('a network policy uses the address of the client', async () => {
      const { port } = proxy
      expect((await exchange({ port, from: OFFICE })).status).toBe(200)
      const { status, decision } = await exchange({ port, from: ELSEWHERE })
      expect(status).toBe(400)
      const { items } = await server.events((events) => events.list({ log: 'idp', limit: 1 }))
      const [newest] = items
      const seen = { decision_id: decision, decision: { request: { context: { ip: ELSEWHERE } } } }
      expect(newest?.event).toMatchObject(seen)
    })

    it.each([
      ['X-Forwarded-For', { 'x-forwarded-for': OFFICE }],
      ['a list of it', { 'x-forwarded-for': `${OFFICE}, ${PROXY}` }],
      ['Forwarded', { forwarded: `for=${OFFICE}` }],
      ['Forwarded, as a third party', { forwarded: 'for=192.0.2.1' }],
      ['both', { 'x-forwarded-for': OFFICE, forwarded: `for=${OFFICE}` }],
      ['X-Real-IP', { 'x-real-ip': OFFICE }],
    ])('a client that spoofs %s keeps its real address', async (_, headers) => {
      expect((await exchange({ port: proxy.port, from: ELSEWHERE, headers })).status).toBe(400)
      expect((await exchange({ port: proxy.port, from: OFFICE, headers })).status).toBe(200)
    })

    it.each([
      ['X-Forwarded-For', { 'x-forwarded-for': OFFICE }],
      ['Forwarded', { forwarded: `for=${OFFICE}` }],
    ])('bypassing the proxy, %s from an untrusted peer has no effect', async (_, headers) => {
      const { port } = server.running
      expect((await exchange({ port, from: ELSEWHERE, headers })).status).toBe(400)
      const outward = { 'x-forwarded-for': ELSEWHERE, forwarded: `for=${ELSEWHERE}` }
      expect((await exchange({ port, from: OFFICE, headers: outward })).status).toBe(200)
    })

    it('host and scheme headers change no issuer and no endpoint', async () => {
      const path = '/.well-known/openid-configuration'
      const plain = await ask(path, { port: server.running.port, from: ELSEWHERE })
      const forged = {
        'x-forwarded-host': 'evil.test',
        'x-forwarded-proto': 'https',
        'x-forwarded-port': '1',
      }
      const spoofed = await ask(path, { port: proxy.port, from: ELSEWHERE, headers: forged })
      expect(spoofed).toEqual(plain)
      expect(spoofed.body).toMatchObject({ issuer: server.baseUrl })
    })

    it('a declared proxy that sends client addresses causes no warning', async () => {
      expect(server.log.join('\n')).not.toContain('trustedProxies')
      expect(await findTrouble(server)).toMatchObject({ items: [] })
    })

    it('a proxy that omits the client address leads to denials, and one log line', async () => {
      for (let round = 0; round < 2; round += 1)
        expect((await exchange({ port: server.running.port, from: PROXY })).status).toBe(400)
      expect(
        server.log.filter((line) => line.includes('configure the proxy to set X-Forwarded-For')),
      ).toHaveLength(1)
    })
  })

  describe.skipIf(!canStart(kind))('which no one declared', () => {
    it('the log explains once what to do, and so does a recommendation', async () => {
      const server = await start({})
      const proxy = await startProxy(kind, server.running.port, PROXY)
      const path = '/.well-known/openid-configuration'
      for (let round = 0; round < 3; round += 1) await ask(path, { port: proxy.port, from: ELSEWHERE })
      const warnings = server.log.filter((line) => line.includes('listen.trustedProxies'))
      expect(warnings).toHaveLength(1)
      expect(await findTrouble(server)).toMatchObject({
        items: [{ rule: 'reverse-proxy', severity: 'critical' }],
      })
      await proxy.stop()
      await server.stop()
    })
  })
})
