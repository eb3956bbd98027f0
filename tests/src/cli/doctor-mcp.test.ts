// `crosswalk doctor` at MCP servers of the official SDK: without a token, an open one lists its tools.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { getRequestListener } from '@hono/node-server'
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server'
import { afterEach, expect, it } from 'vitest'

import { runDoctor } from './run-doctor.ts'

let http: Server | undefined
afterEach(async () => {
  http?.closeAllConnections()
  await new Promise((resolve) => http?.close(resolve))
})

/** @param mustHaveToken - which messages need one */
async function startMcp(mustHaveToken: (method: string) => boolean): Promise<string> {
  const handler = createMcpHandler(() => {
    const server = new McpServer({ name: 'todos', version: '1.0.0' })
    for (const name of ['list_todos', 'add_todo']) server.registerTool(name, {}, () => ({ content: [] }))
    return server
  })
  const listener = getRequestListener(async (request) => {
    if (!new URL(request.url).pathname.endsWith('/mcp')) return new Response(null, { status: 404 })
    const text = await request.text()
    const { method } = JSON.parse(text) as { readonly method: string }
    const challenge = { 'www-authenticate': 'Bearer resource_metadata="http://127.0.0.1/metadata"' }
    return mustHaveToken(method) && !request.headers.has('authorization')
      ? new Response(null, { status: 401, headers: challenge })
      : handler.fetch(new Request(request.url, { method: 'POST', headers: request.headers, body: text }))
  })
  http = createServer((request, response) => void listener(request, response))
  await new Promise<void>((resolve) => http?.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`
}

async function examine(url: string) {
  const { findings } = await runDoctor(['--resource', url])
  return findings.filter(({ id }) => ['P01', 'P05'].includes(id))
}

it.each<[string, (method: string) => boolean]>([
  ['for every message', () => true],
  ['from the first message after `initialize`', (method) => method !== 'initialize'],
])('a server that requires a token %s is healthy', async (_, mustHaveToken) => {
  const found = await examine(await startMcp(mustHaveToken))
  expect(found.map(({ id, result }) => `${id} ${result}`)).toEqual(['P01 pass', 'P05 pass'])
})

it('a server that requires none lists its tools to anyone', async () => {
  const found = await examine(await startMcp(() => false))
  expect(found.map(({ id, result }) => `${id} ${result}`)).toEqual(['P01 warn', 'P05 warn'])
  expect(found[1]?.saw).toBe('list_todos, add_todo')
})
