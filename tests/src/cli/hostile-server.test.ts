// A server with terminal escape sequences, and with controls that reverse text, in every name: no command prints them.
// And one whose responses have no end.
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterAll, beforeAll, expect, it } from 'vitest'

import { crosswalk } from './run-crosswalk.ts'

const HOSTILE = 'x\u001b[2J\u009b2J\u0007\u202ey\u2066'
const WRITTEN = String.raw`x\u001b[2J\u009b2J\u0007\u202ey\u2066`
const CONTROL = /[^\P{Cc}\n\r\t]|[\u202a-\u202e\u2066-\u2069]/u

const item = {
  id: HOSTILE,
  name: HOSTILE,
  app: HOSTILE,
  resourceApp: HOSTILE,
  scopes: [HOSTILE],
  kind: 'agent',
}
const problem = { type: `urn:crosswalk:problem:${HOSTILE}`, title: HOSTILE, detail: HOSTILE, status: 409 }
const ANSWERS: Readonly<Record<string, unknown>> = {
  '/connections': { items: [item], next: null },
  '/configuration': { document: { [HOSTILE]: HOSTILE }, variables: [HOSTILE] },
  '/stored-credentials': item,
}

function sendForever(response: ServerResponse): void {
  const piece = Buffer.alloc(1_048_576, '[')
  response.writeHead(200, { 'content-type': 'application/json' })
  const send = () => {
    while (response.write(piece));
  }
  response.on('drain', send)
  send()
}

/** Of an IdP that refuses each exchange, with the id of a decision that a shell would run. */
function answerAsIdp(path: string, response: ServerResponse): void {
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/idp`
  const metadata = { issuer, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/jwks` }
  response.setHeader('content-type', 'application/json')
  if (path.includes('.well-known')) response.end(JSON.stringify(metadata))
  else if (path.endsWith('/jwks')) response.end('{"keys":[]}')
  else response.writeHead(400, { 'crosswalk-decision': 'dec_1;touch x' }).end('{"error":"invalid_grant"}')
}

const server = createServer((request, response) => {
  const path = (request.url ?? '').replace(/^\/admin\/api\/v1|\?.*$/g, '')
  if (path.startsWith('/moved/') || path === '/apps')
    return void response
      .writeHead(307, { location: `http://127.0.0.1:9${request.url?.replace('/moved', '')}` })
      .end()
  if (path.split('/').includes('idp')) answerAsIdp(path, response)
  else if (path === '/users') sendForever(response)
  else if (path === '/groups') response.writeHead(600).end('{}')
  else if (path === '/audit-events') response.end(`{"reason":"${HOSTILE}"}\n`)
  else if (Object.hasOwn(ANSWERS, path)) response.end(JSON.stringify(ANSWERS[path]))
  else response.writeHead(409, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem))
})
beforeAll(() => new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve)))
afterAll(() => server.close())

it.each([
  ['connection list', 'table'],
  ['connection list', 'csv'],
  ['connection list', 'json'],
  ['connection list', 'ndjson'],
  ['connection list', 'yaml'],
  ['connection list', 'md'],
  ['export', 'text'],
  ['export', 'json'],
  ['audit export', 'text'],
  ['audit export', 'json'],
  ['connection show x', 'text'],
  ['connection show x', 'json'],
])('`%s -o %s` tells what the server said, and nothing that controls a terminal', async (line, output) => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { out, err } = await crosswalk([...line.split(' '), '-o', output, '--server', url], {
    env: { CROSSWALK_ADMIN_TOKEN: 'a token of an administrator there' },
  })
  expect(out + err).toMatch(/\[2J/)
  expect(out + err).not.toMatch(CONTROL)
  // Data is unchanged in JSON; the text of an error is not.
  if (output === 'json')
    expect(JSON.stringify(JSON.parse(out))).toContain(
      line === 'connection show x' ? 'x\ufffd[2J' : JSON.stringify(HOSTILE).slice(1, 10),
    )
  if (line === 'audit export') expect(out).toContain(WRITTEN)
})

it.each([
  ['user', 200, 'without end'],
  ['group', 600, 'with a status that HTTP does not know'],
])('`%s list` reports a response with status %i %s', async (noun, status) => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { exitCode, err } = await crosswalk([noun, 'list', '--server', url], {
    env: { CROSSWALK_ADMIN_TOKEN: 'a token of an administrator there' },
  })
  expect([exitCode, err]).toEqual([8, expect.stringContaining(`has no admin API (status ${status})`)])
})

it.each([['app list'], ['audit export']])('`%s` reports a redirect, and does not follow it', async (line) => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const at = line === 'audit export' ? `${url}/moved` : url
  const { exitCode, err } = await crosswalk([...line.split(' '), '--server', at], {
    env: { CROSSWALK_ADMIN_TOKEN: 'a token of an administrator there' },
  })
  expect([exitCode, err]).toEqual([
    8,
    `error: ${at} redirects to http://127.0.0.1:9\nfix: use --server http://127.0.0.1:9, or set CROSSWALK_SERVER to it\n`,
  ])
})

it('a command that `flow run` suggests quotes what the server chose', async () => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const encode = (json: object) => Buffer.from(JSON.stringify(json)).toString('base64url')
  const idToken = `${encode({ alg: 'ES256' })}.${encode({ iss: `${url}/idp`, sub: 'a', aud: 'agent' })}.AAAA`
  const line = ['flow', 'run', '--idp', `${url}/idp`, '--as', `${url}/idp`, '--client-id', 'agent']
  const { err } = await crosswalk(line, { env: { CROSSWALK_IDP_SECRET: 'x' }, stdin: idToken })
  expect(err).toContain(`why: npx crosswalk explain 'dec_1;touch x' --server ${url}\n`)
})
