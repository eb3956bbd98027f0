// Todo0 as the demo serves it, with a real IdP and authorization server, behind a proxy that adds alice's token.
import type { AddressInfo } from 'node:net'

import { clientSecret, xaa } from '@crosswalk/client'
import { createTodo0, createTodos } from '@crosswalk/demo-todo0'
import { createAdaptorServer } from '@hono/node-server'

import { AGENT, AGENT_AT_VENDOR, company } from '../support/company.ts'
import { signInFor } from '../support/flow.ts'
import { startTestServer } from '../support/server.ts'
import { startTokenProxy } from './token-proxy.ts'

export interface Todo0World {
  /** URL of the MCP server for the tool */
  readonly url: string
  /** Port of Todo0 itself, which requires a token on every request */
  readonly port: number
  /** Gets an access token for alice with just this scope */
  tokenFor(scope: string): Promise<string>
  /** Todos that were added, in order */
  titles(): readonly string[]
  stop(): Promise<void>
}

const SCOPES = ['todos.read', 'todos.write']
const API_SECRET = 'todo0 api secret'

export async function startTodo0World(): Promise<Todo0World> {
  const proxy = await startTokenProxy()
  const url = `${proxy.origin}/mcp`
  const server = await startTestServer({ file: (baseUrl) => todo0Company(baseUrl, url) })
  const issuer = `${server.baseUrl}/as/vendor`
  const added: string[] = []
  const todos = createTodos({ read: () => ({}), write: () => undefined })
  const todo0 = await serve(
    createTodo0({
      baseUrl: proxy.origin,
      todos: {
        ...todos,
        add: (account, title, by) => {
          added.push(title)
          return todos.add(account, title, by)
        },
      },
      idpIssuer: server.baseUrl,
      vendorIssuer: issuer,
      clientSecret: AGENT.secret,
      secretAtVendor: AGENT_AT_VENDOR.secret,
      apiSecret: API_SECRET,
    }).fetch,
  )
  const { idToken } = await signInFor(server.baseUrl, 'alice')
  const session = xaa({
    // A slow machine must not count as a failure.
    timeoutMs: 60_000,
    idp: server.baseUrl,
    client: { id: AGENT.id, auth: clientSecret(AGENT.secret) },
    resources: { [issuer]: { clientId: AGENT_AT_VENDOR.id, auth: clientSecret(AGENT_AT_VENDOR.secret) } },
  }).as({ getSubjectToken: () => idToken })
  const tokenFor = async (...scope: string[]) => (await session.at(url, { scope }).token()).value.reveal()
  proxy.open(todo0.port, () => tokenFor(...SCOPES))
  return {
    url,
    port: todo0.port,
    tokenFor,
    titles: () => added,
    stop: async () => {
      await Promise.all([proxy.stop(), todo0.stop()])
      await server.stop()
    },
  }
}

function todo0Company(baseUrl: string, resource: string): Record<string, unknown> {
  const everyone = { everyone: true }
  const resources = [{ id: resource, scopes: SCOPES }]
  const auth = (secret: string) => ({ method: 'client_secret_basic', secret })
  const connection = { id: 'agent0-todo0', app: AGENT.id, resourceApp: 'todo0', clientId: AGENT_AT_VENDOR.id }
  return company(baseUrl, {
    idp: {
      resourceApps: [
        { id: 'todo0', name: 'Todo0', issuer: `${baseUrl}/as/vendor`, resources, assignments: everyone },
      ],
      connections: [
        { ...connection, resources: [resource], scopes: SCOPES, assignments: everyone, status: 'active' },
      ],
    },
    authorizationServer: {
      clients: [
        { id: AGENT_AT_VENDOR.id, auth: auth(AGENT_AT_VENDOR.secret) },
        { id: 'todo0-api', auth: auth(API_SECRET), introspects: [resource] },
      ],
      resources,
    },
  })
}

async function serve(fetch: (request: Request) => Response | Promise<Response>) {
  const server = createAdaptorServer({ fetch })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      if ('closeAllConnections' in server) server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
