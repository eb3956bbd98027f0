import { describe, expect, it } from 'vitest'

import { createResource } from './create-resource.ts'
import { challengeResponse, challengeWhenWritten } from './session-challenge.ts'

const guard = createResource({
  resource: 'https://api.test/v1',
  issuer: 'https://as.test',
  jwks: { keys: [] },
})
const METADATA = 'resource_metadata="https://api.test/.well-known/oauth-protected-resource/v1"'

describe('the response of a session handler', () => {
  it('gets the challenge if it is a 401 without one, and keeps the rest', async () => {
    const headers = { 'content-type': 'text/plain', 'set-cookie': 'a=b' }
    const body = new Response('Sign in', { status: 401, statusText: 'Who are you', headers })
    const response = challengeResponse(guard, body, ['read', 'write'])
    expect(response.status).toBe(401)
    expect(response.statusText).toBe('Who are you')
    expect(Object.fromEntries(response.headers)).toEqual({
      ...headers,
      'www-authenticate': `Bearer scope="read write", ${METADATA}`,
    })
    expect(await response.text()).toBe('Sign in')
  })

  it.each([
    [200, {}],
    [403, {}],
    [401, { 'www-authenticate': 'Basic realm="x"' }],
  ])('stays as it is: %i with %j', (status, headers) => {
    const response = new Response(null, { status, headers })
    expect(challengeResponse(guard, response)).toBe(response)
  })
})

describe('a response of node:http', () => {
  function write(status: number, before: Readonly<Record<string, string>> = {}) {
    const headers = new Map(Object.entries(before))
    const written: unknown[] = []
    const res = {
      getHeader: (name: string) => headers.get(name),
      setHeader: (name: string, value: string) => headers.set(name, value),
      writeHead(...head: readonly unknown[]) {
        written.push(this === res, ...head)
        return 'written'
      },
    }
    challengeWhenWritten(guard, res)
    const returned: unknown = res.writeHead(status, 'reason')
    return { returned, written, challenge: headers.get('www-authenticate') }
  }

  it.each([
    [401, {}, `Bearer ${METADATA}`],
    [200, {}, undefined],
    [401, { 'www-authenticate': 'Basic realm="x"' }, 'Basic realm="x"'],
  ])('with %i and %j has the challenge %s', (status, before, challenge) => {
    const written = [true, status, 'reason']
    expect(write(status, before)).toEqual({ challenge, returned: 'written', written })
  })

  it('without these methods is written as it is, or as well as possible', () => {
    const headers: string[] = []
    challengeWhenWritten(guard, { setHeader: (name) => headers.push(name) })
    const res = { writeHead: (status: number) => status, setHeader: (name: string) => headers.push(name) }
    challengeWhenWritten(guard, res)
    expect(res.writeHead(401)).toBe(401)
    expect(headers).toEqual(['www-authenticate'])
  })
})
