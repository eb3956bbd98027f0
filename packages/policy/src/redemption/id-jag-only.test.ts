import { expect, it } from 'vitest'

import { IDP, makeSnapshot } from '../testing/redemption-world.ts'
import { findRequiredIssuer, type UserOrigin } from './id-jag-only.ts'

const RULE = { issuer: IDP, emailDomains: ['Acme.test'], requireIdJag: true }

function find(user: UserOrigin, change: object = {}) {
  return findRequiredIssuer(makeSnapshot({ trustedIssuers: [{ ...RULE, ...change }] }), user)?.issuer
}

const ELSEWHERE = 'https://login.vendor.test'

it.each([
  ['an account from its ID-JAGs', { issuer: IDP }, {}],
  ['an account of its tenant', { issuer: IDP, tenant: 'one' }, { tenant: 'one' }],
  ['an address of its domain', { issuer: ELSEWHERE, email: 'bob@ACME.test' }, {}],
])('means %s', (_name, user, change) => {
  expect(find(user, change)).toBe(IDP)
  expect(find(user, { ...change, requireIdJag: false })).toBeUndefined()
  expect(find(user, { ...change, active: false })).toBeUndefined()
})

it.each([
  ['an account of another issuer', { issuer: ELSEWHERE }, {}],
  ['an account of another tenant', { issuer: IDP, tenant: 'two' }, { tenant: 'one' }],
  ['a domain that ends the same', { issuer: ELSEWHERE, email: 'bob@notacme.test' }, {}],
  ['a subdomain', { issuer: ELSEWHERE, email: 'bob@mail.acme.test' }, {}],
  ['a user name that looks like it', { issuer: ELSEWHERE, email: 'acme.test@elsewhere.test' }, {}],
])('does not apply to %s', (_name, user, change) => {
  expect(find(user, change)).toBeUndefined()
})
