import { describe, expect, it } from 'vitest'

import { createFormToken, isFormToken, isOwnJsonRequest } from './form-guard.ts'

describe('form token', () => {
  it('accepts only the token of the session', () => {
    const token = createFormToken()
    expect(isFormToken(token, token)).toBe(true)
    for (const other of [createFormToken(), token.slice(1), `${token}x`, '', undefined, [token]])
      expect(isFormToken(other, token)).toBe(false)
  })
})

describe('isOwnJsonRequest', () => {
  it.each([
    [{ 'content-type': 'application/json' }, true],
    [{ 'content-type': 'Application/JSON; charset=utf-8', 'sec-fetch-site': 'same-origin' }, true],
    // Another port of this host is same-site, but not same-origin.
    [{ 'content-type': 'application/json', 'sec-fetch-site': 'same-site' }, false],
    [{ 'content-type': 'application/json', 'sec-fetch-site': 'cross-site' }, false],
    [{ 'content-type': 'text/plain' }, false],
    [{ 'content-type': 'application/x-www-form-urlencoded' }, false],
    [{}, false],
  ])('%j: %j', (headers, own) => {
    expect(isOwnJsonRequest(new Headers(headers as Record<string, string>))).toBe(own)
  })
})
