import { describe, expect, test } from 'vitest'

import { buildTotpUri, createTotpSecret, findTotpStep } from './totp.ts'

/** The secret of RFC 6238 appendix B, `12345678901234567890`; its codes below end in these six digits. */
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'

describe('findTotpStep', () => {
  test.each([
    [59, '287082'],
    [1111111109, '081804'],
    [1111111111, '050471'],
    [1234567890, '005924'],
    [2000000000, '279037'],
    [20000000000, '353130'],
  ])('at %i s the code is %s (RFC 6238 appendix B)', (seconds, code) => {
    expect(findTotpStep(SECRET, code, seconds * 1000)).toBe(Math.floor(seconds / 30))
  })

  // 287082 is the code of step 1, which lasts from 30 s to just before 60 s.
  test.each([
    ['from the start of the previous step', 0, 1],
    ['in its own step', 59_999, 1],
    ['until the end of the next step', 89_999, 1],
    ['not one step later', 90_000, undefined],
  ])('a code is valid %s', (_, nowMs, step) => {
    expect(findTotpStep(SECRET, '287082', nowMs)).toBe(step)
  })

  test('a code is not valid two steps before its own', () => {
    // 081804 belongs to step 37037036.
    expect(findTotpStep(SECRET, '081804', 37037035 * 30_000)).toBe(37037036)
    expect(findTotpStep(SECRET, '081804', 37037035 * 30_000 - 1)).toBeUndefined()
  })

  test.each([['28708'], ['2870820'], ['28708a'], [''], ['２８７０８２']])('%j is not a code', (code) => {
    expect(findTotpStep(SECRET, code, 59_000)).toBeUndefined()
    expect(findTotpStep(SECRET, '287082', 59_000)).toBe(1)
  })
})

test('secrets have 160 bits and differ', () => {
  const secrets = Array.from({ length: 20 }, createTotpSecret)
  expect(new Set(secrets).size).toBe(20)
  for (const secret of secrets) expect(secret).toMatch(/^[A-Z2-7]{32}$/)
})

test('the URI contains issuer and user, whatever their names', () => {
  const uri = new URL(buildTotpUri({ secret: SECRET, issuer: 'Acme: the IdP & more', username: 'al:ice' }))
  expect(uri.protocol).toBe('otpauth:')
  expect(Object.fromEntries(uri.searchParams)).toMatchObject({
    secret: SECRET,
    issuer: 'Acme  the IdP & more',
    algorithm: 'SHA1',
    digits: '6',
    period: '30',
  })
  expect(decodeURIComponent(uri.pathname)).toContain('al ice')
})
