// The target and headers of a forwarded request: below the API's base URL, with the credential and nothing of the
// app's.
import { describe, expect, it } from 'vitest'

import { buildForwardedHeaders, findTarget } from './forward-request.ts'

const API = 'https://api.test/v1'

describe('the target', () => {
  it.each([
    ['/events?day=1', 'https://api.test/v1/events?day=1'],
    ['', 'https://api.test/v1'],
    ['/a%20b', 'https://api.test/v1/a%20b'],
    ['/a..b/...', 'https://api.test/v1/a..b/...'],
    ['/a/', 'https://api.test/v1/a/'],
    ['/%7Ea%2Fb%C3%A4', 'https://api.test/v1/%7Ea%2Fb%C3%A4'],
    ['/?next=../x', 'https://api.test/v1/?next=../x'],
  ])('of %j is %s', (path, target) => {
    expect(findTarget(API, path)?.href).toBe(target)
    expect(findTarget(`${API}/`, path)?.href).toBe(target)
  })

  it.each([
    '/..',
    '/../v2',
    '/x/%2e%2e/%2e%2e/v2',
    '/%252e%252e/v2',
    '/%25252e%25252e/v2',
    '/x%2f..%2f..%2fv2',
    '/x\\..\\..\\v2',
    '/x/..;/v2',
    '/./x',
    '//x',
    '/x//y',
    '/%78',
    '/%30',
    'x',
    '@evil.test/',
    '.evil.test/',
    ':8443/',
  ])('refuses %j', (path) => {
    expect(findTarget(API, path)).toBeUndefined()
    if (!path.startsWith('/')) expect(findTarget('https://api.test', path)).toBeUndefined()
  })
})

describe('the headers', () => {
  const secret = { value: 'the key', api: API, privateNetwork: false }

  it('contain the credential in place of what the app sent there', () => {
    const given = new Headers({ authorization: 'Bearer ours', 'x-api-key': 'made up', accept: 'text/plain' })
    const key = buildForwardedHeaders(given, { ...secret, header: 'X-Api-Key', scheme: '' })
    expect(Object.fromEntries(key)).toEqual({
      accept: 'text/plain',
      'accept-encoding': 'identity',
      'x-api-key': 'the key',
    })
    const bearer = buildForwardedHeaders(given, { ...secret, header: 'Authorization', scheme: 'Bearer' })
    expect(bearer.get('authorization')).toBe('Bearer the key')
  })

  it('omit what is for the gateway or the connection', () => {
    const given = new Headers({
      'accept-encoding': 'br',
      authorization: 'Bearer ours',
      connection: 'keep-alive, X-Hop',
      'content-length': '7',
      cookie: 'a=1',
      dpop: 'proof',
      expect: '100-continue',
      forwarded: 'for=10.0.0.1',
      host: 'gateway.test',
      'keep-alive': 'timeout=5',
      origin: 'https://app.test',
      'proxy-authorization': 'Basic eDp5',
      referer: 'https://app.test/secret',
      'sec-fetch-mode': 'cors',
      te: 'trailers',
      trailer: 'x-after',
      'transfer-encoding': 'chunked',
      upgrade: 'websocket',
      via: '1.1 proxy',
      'x-forwarded-for': '10.0.0.1',
      'x-hop': '1',
    })
    const kept = buildForwardedHeaders(given, { ...secret, header: 'X-Api-Key', scheme: '' })
    expect([...kept]).toEqual([
      ['accept-encoding', 'identity'],
      ['x-api-key', 'the key'],
    ])
  })

  it.each([
    ['requests a method other than the checked one', 'x-http-method-override', 'DELETE'],
    ['requests another method, by an older name', 'X-HTTP-Method', 'DELETE'],
    ['requests another method, by another name', 'x-method-override', 'DELETE'],
    ['requests a path outside the API', 'x-original-url', '/v2/admin'],
    ['requests another path, by another name', 'x-rewrite-url', '/v2/admin'],
    ['is equivalent for a service that reads _ as -', 'X_HTTP_Method_Override', 'DELETE'],
    ['would replace the credential if _ is read as -', 'x_api_key', 'made up'],
    ['returns the credential in pieces', 'range', 'bytes=0-7'],
    ['returns the credential in pieces later', 'if-range', '"tag"'],
    ['returns the credential in another encoding', 'accept-charset', 'utf-16'],
  ])('omit what %s', (_, name, value) => {
    const given = new Headers({ [name]: value, 'if-match': '"tag"', 'x-kept': '1' })
    const kept = buildForwardedHeaders(given, { ...secret, header: 'X-Api-Key', scheme: '' })
    expect([...kept.keys()].sort()).toEqual(['accept-encoding', 'if-match', 'x-api-key', 'x-kept'])
    expect(kept.get('x-api-key')).toBe('the key')
  })
})
