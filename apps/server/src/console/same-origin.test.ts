import { describe, expect, it } from 'vitest'

import { isFromConsole } from './same-origin.ts'

const ORIGIN = 'https://idp.acme.test'
const GOOD = { 'crosswalk-console': '1', origin: ORIGIN, 'sec-fetch-site': 'same-origin' }

function ask(headers: Readonly<Record<string, string>>): boolean {
  return isFromConsole(new Request(`${ORIGIN}/admin/api/v1/kill`, { method: 'POST', headers }), ORIGIN)
}

describe('requests of the console', () => {
  it.each([
    ['from its page', GOOD],
    ['from a browser that sends no origin', { 'crosswalk-console': '1' }],
  ])('%s are accepted', (_, headers) => {
    expect(ask(headers)).toBe(true)
  })

  it.each([
    ['a form of another site, which cannot set headers', { origin: 'https://evil.test' }],
    ['a link, which has no headers', {}],
    ['another origin', { ...GOOD, origin: 'https://evil.test' }],
    ['an opaque origin', { ...GOOD, origin: 'null' }],
    ['a same-site origin', { ...GOOD, 'sec-fetch-site': 'same-site' }],
    ['another site', { ...GOOD, 'sec-fetch-site': 'cross-site' }],
    ['another value', { ...GOOD, 'crosswalk-console': '0' }],
  ])('%s is rejected', (_, headers) => {
    expect(ask(headers)).toBe(false)
  })
})
