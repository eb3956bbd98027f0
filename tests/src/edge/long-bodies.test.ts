// Oversized bodies from common clients: each client can read the error response.
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { promisify } from 'node:util'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { ADMIN_TOKEN } from '../admin/admin.ts'
import { company } from '../support/company.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const run = promisify(execFile)
const ROUNDS = 4
const LONG = Buffer.alloc(24 * 1_048_576, 'x')
const FORM = 'application/x-www-form-urlencoded'

const TARGETS: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['/token', { 'content-type': FORM }],
  ['/admin/sign-in/token', { 'content-type': 'application/json', 'crosswalk-console': '1' }],
  [
    '/admin/api/v1/configuration/plan',
    { 'content-type': 'application/json', authorization: `Bearer ${ADMIN_TOKEN}` },
  ],
]

let server: TestServer
let file = ''
beforeAll(async () => {
  server = await startTestServer({ file: (baseUrl) => company(baseUrl) })
  file = server.database.replace(/^sqlite:(.*)db\.sqlite$/, '$1long')
  await writeFile(file, LONG)
})
afterAll(() => server.stop())

type Client = (url: string, headers: Readonly<Record<string, string>>) => Promise<number>

const CLIENTS: Readonly<Record<string, Client>> = {
  fetch: async (url, headers) => {
    const response = await fetch(url, { method: 'POST', headers, body: LONG })
    await response.text()
    return response.status
  },
  'node:http with a declared length': (url, headers) =>
    sendByNode(url, { ...headers, 'content-length': String(LONG.length) }),
  'node:http in chunks': (url, headers) => sendByNode(url, { ...headers, 'transfer-encoding': 'chunked' }),
  curl: async (url, headers) => {
    const options = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`])
    const write = ['-s', '-o', '/dev/null', '-w', '%{http_code}', '--data-binary', `@${file}`]
    const { stdout } = await run('curl', [...write, ...options, url])
    return Number(stdout)
  },
}

function sendByNode(url: string, headers: Readonly<Record<string, string>>): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers, agent: false }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0))
    })
    sent.on('error', reject)
    sent.end(LONG)
  })
}

describe.each(Object.entries(CLIENTS))('%s reads the error response for an oversized body', (_, send) => {
  it.each(TARGETS)('%s', async (path, headers) => {
    const statuses: number[] = []
    for (let round = 0; round < ROUNDS; round += 1) statuses.push(await send(server.baseUrl + path, headers))
    expect(statuses).toEqual(Array(ROUNDS).fill(413))
  })
})

it('fetch reads the error response of a route whose limit is below that of the admin API', async () => {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${ADMIN_TOKEN}` }
  const body = new Uint8Array(LONG.subarray(0, 2 * 1_048_576))
  const statuses: number[] = []
  for (let round = 0; round < 2 * ROUNDS; round += 1) {
    const response = await fetch(`${server.baseUrl}/admin/api/v1/users`, { method: 'POST', headers, body })
    await response.text()
    statuses.push(response.status)
  }
  expect(statuses).toEqual(Array(2 * ROUNDS).fill(413))
})

it('an oversized token request still gets a decision id', async () => {
  const response = await fetch(`${server.baseUrl}/token`, {
    method: 'POST',
    headers: { 'content-type': FORM },
    body: LONG,
  })
  expect([response.status, response.headers.get('crosswalk-decision')]).toEqual([
    413,
    expect.stringMatching(/^dec_/),
  ])
})

it('the console token is read from a body of at most 4 KiB', async () => {
  const signIn = (bytes: number) => {
    const body = JSON.stringify({ token: ADMIN_TOKEN })
    return fetch(`${server.baseUrl}/admin/sign-in/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'crosswalk-console': '1' },
      body: body + ' '.repeat(bytes - body.length),
    })
  }
  expect((await signIn(4096)).status).toBe(204)
  expect((await signIn(4097)).status).toBe(413)
})
