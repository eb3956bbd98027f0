import { describe, expect, it } from 'vitest'

import { scrubJson, scrubText } from './scrub.ts'

const JWT = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ1c3JfYWxpY2UifQ.c2lnbmF0dXJl'
const OPAQUE = 'cwat_Zx8LkQ2vN7mT4yR1sW6bH9dJ3fG5pA0cE8uI2oK7'

describe('scrubText', () => {
  it.each([
    ['a signed token', `see ${JWT}, ok`, 'see [hidden], ok'],
    ['an unsigned token', `${JWT.split('.').slice(0, 2).join('.')}.`, '[hidden]'],
    ['a part of a token', JWT.split('.')[0], '[hidden]'],
    ['an opaque token', `token ${OPAQUE}!`, 'token [hidden]!'],
    ['a header', `Authorization: Bearer ${OPAQUE}`, 'Authorization: [hidden] [hidden]'],
    ['a scheme without a header', 'it sent bearer abcdefghij', 'it sent bearer [hidden]'],
    ['a form', 'a=1&client_secret=short&b=2', 'a=1&client_secret=[hidden]&b=2'],
    ['JSON', '{"access_token":"x","n":1}', '{"access_token":"[hidden]","n":1}'],
    ['a service key', 'sk-abcdefghijklmnop', '[hidden]'],
  ])('hides %s', (_, text, scrubbed) => {
    expect(scrubText(text ?? '')).toBe(scrubbed)
  })

  it.each([
    ['buy milk'],
    ['0192c9f0-58ab-7cc2-9a4e-1b2c3d4e5f60'],
    ['dec_01JZ6M3Q8T4V'],
    ['https://127.0.0.1:4001/mcp'],
    ['Donaudampfschifffahrtsgesellschaftskapitaensmuetze'],
    ['change my password on Monday'],
  ])('keeps %s', (text) => {
    expect(scrubText(text)).toBe(text)
  })
})

describe('scrubJson', () => {
  it('scrubs every text, and hides members with credential names', () => {
    expect(
      scrubJson({ todos: [{ title: `x ${JWT}`, done: true, n: 1 }], token: 'short', none: null }),
    ).toEqual({
      todos: [{ title: 'x [hidden]', done: true, n: 1 }],
      token: '[hidden]',
      none: null,
    })
  })
})
