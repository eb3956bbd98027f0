// How Todo0 responds to callers without a token, and to forged forms.
import { describe, expect, it } from 'vitest'

import { createTodo0 } from './app.ts'
import { createTodos } from './todos.ts'

const BASE_URL = 'http://127.0.0.1:4001'

const options = {
  baseUrl: BASE_URL,
  todos: createTodos({ read: () => ({}), write: () => undefined }),
  idpIssuer: 'http://127.0.0.1:4000',
  clientSecret: 'secret at the IdP',
  vendorIssuer: 'http://127.0.0.1:4002/as/todo0',
  secretAtVendor: 'secret at the vendor',
  apiSecret: 'secret of the API',
}
const app = createTodo0(options)
const request = (path: string, init?: RequestInit) => app.request(`${BASE_URL}${path}`, init)

describe('Todo0 without a token', () => {
  it.each([
    ['GET', '/api/todos', '/api'],
    ['POST', '/api/todos', '/api'],
    ['PATCH', '/api/todos/1', '/api'],
    ['DELETE', '/api/todos/1', '/api'],
    ['POST', '/mcp', '/mcp'],
    ['GET', '/mcp', '/mcp'],
  ])('%s %s returns 401 with a link to its metadata', async (method, path, resource) => {
    const response = await request(path, { method })
    expect(response.status).toBe(401)
    const metadataUrl = `${BASE_URL}/.well-known/oauth-protected-resource${resource}`
    expect(response.headers.get('www-authenticate')).toContain(`resource_metadata="${metadataUrl}"`)
    expect(await (await app.request(metadataUrl)).json()).toMatchObject({
      resource: `${BASE_URL}${resource}`,
      authorization_servers: ['http://127.0.0.1:4002/as/todo0'],
      scopes_supported: ['todos.read', 'todos.write'],
    })
  })
})

describe('the page of Todo0', () => {
  it('may load, run and embed nothing, and cannot be embedded', async () => {
    const response = await request('/')
    expect(await response.text()).toContain('Sign in with acme')
    const policy = response.headers.get('content-security-policy')
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'sha256-[^' ]+'; font-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action/,
    )
    expect(policy).not.toContain('unsafe')
  })

  it('changes nothing for a visitor without a session', async () => {
    const body = new URLSearchParams({ title: 'planted' })
    for (const path of ['/todos/add', '/todos/change', '/signout'])
      expect(await request(path, { method: 'POST', body })).toMatchObject({ status: 303 })
  })

  it('rejects a callback that it did not start', async () => {
    const response = await request('/callback?code=planted&state=planted')
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('This sign-in was not started here, or took too long.')
  })

  it('reports that the IdP cannot be reached', async () => {
    const lone = createTodo0({ ...options, idpIssuer: 'http://127.0.0.1:9' })
    const response = await lone.request(`${BASE_URL}/signin`)
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('Your organisation cannot be reached right now.')
  })
})
