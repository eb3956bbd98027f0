import { describe, expect, it } from 'vitest'

import { judgeQuirk } from './conditions.ts'
import { fillIssuer, trustedIssuer } from './fill-issuer.ts'
import { VENDORS } from './index.ts'
import { type Condition, zVendor } from './vendor-schema.ts'

describe('a condition', () => {
  const issuer = 'https://idp.example/a'
  const entry = { link: ['id', 'email'], emailVerified: false, claims: { subject: 'sub' } }

  it.each<[Condition, string | undefined]>([
    [{ issuer: '/a$' }, issuer],
    [{ issuer: '/b$' }, undefined],
    [{ issuerNot: '/b$' }, issuer],
    [{ issuerNot: '/a$' }, undefined],
    [{ setting: 'emailVerified', is: false }, 'emailVerified: false'],
    [{ setting: 'emailVerified', is: true }, undefined],
    [{ setting: 'claims.subject', is: 'sub' }, 'claims.subject: sub'],
    [{ setting: 'claims.constructor', is: 'sub' }, undefined],
    [{ setting: 'link', includes: 'email' }, 'link: id, email'],
    [{ setting: 'link', includes: 'username' }, undefined],
    [{ setting: 'claims.subject', includes: 'sub' }, undefined],
    [{ setting: 'requireClaims.hd', absent: true }, 'no requireClaims.hd'],
    [{ setting: 'link', absent: true }, undefined],
    [{ setting: 'claims.subject', absent: false }, 'claims.subject: sub'],
    [{ setting: 'claims.groups', absent: false }, undefined],
  ])('%j', (condition, seen) => {
    expect(judgeQuirk({ when: [condition] }, { issuer, entry })).toBe(seen)
  })

  it('on a setting does not apply if only the issuer is known', () => {
    expect(judgeQuirk({ when: [{ setting: 'link', absent: true }] }, { issuer })).toBeUndefined()
  })

  it('applies together with the others, or not at all', () => {
    const first = { setting: 'emailVerified', is: false } as const
    expect(judgeQuirk({ when: [first, { issuer: '/a$' }] }, { issuer, entry })).toBe(
      `emailVerified: false; ${issuer}`,
    )
    expect(judgeQuirk({ when: [first, { issuer: '/b$' }] }, { issuer, entry })).toBeUndefined()
  })
})

describe('an issuer', () => {
  const ping = VENDORS.find(({ id }) => id === 'ping')

  it('is filled in, with defaults for missing values', () => {
    if (ping === undefined) throw new Error('no ping')
    expect(fillIssuer(ping, { environment: ' e1 ' })).toBe('https://auth.pingone.com/e1/as')
    expect(fillIssuer(ping, { environment: 'e1', region: 'eu' })).toBe('https://auth.pingone.eu/e1/as')
    expect(fillIssuer(ping, {})).toBe('https://auth.pingone.com/{environment}/as')
  })

  it('becomes an entry of trustedIssuers', () => {
    expect(trustedIssuer('okta', { domain: 'acme.okta.com' })).toEqual({
      issuer: 'https://acme.okta.com',
      subject: ['iss_sub'],
      provisioning: 'jit',
    })
    expect(trustedIssuer('okta', { domain: 'acme.okta.com' }, { provisioning: 'none' }).provisioning).toBe(
      'none',
    )
    expect(() => trustedIssuer('okta', { domain: ' ' })).toThrow(
      new TypeError('the issuer of okta is incomplete: https://{domain}'),
    )
    expect(trustedIssuer('claude', { issuer: 'https://claude.test/a' }).issuer).toBe('https://claude.test/a')
  })

  it.each(['https://acme.okta.com', 'acme.okta.com/'])('is not built from %s as the domain', (domain) => {
    expect(() => trustedIssuer('okta', { domain })).toThrow(
      new TypeError('domain of okta must be like acme.okta.com, without https:// and path'),
    )
  })

  it.each(['entra', 'nothing'])('is not trusted by the preset %s, which issues no ID-JAGs', (id) => {
    expect(() => trustedIssuer(id as 'okta', { domain: 'acme.test' })).toThrow(
      new TypeError(`${id} is not a product that issues ID-JAGs`),
    )
  })
})

it('every member of a preset is known, and each preset names its sources', () => {
  const [okta] = VENDORS
  expect(zVendor.safeParse(okta).success).toBe(true)
  expect(zVendor.safeParse({ ...okta, secret: '' }).success).toBe(false)
  expect(zVendor.safeParse({ ...okta, signIn: { ...okta?.signIn, entry: { lnik: [] } } }).success).toBe(false)
  expect(zVendor.safeParse({ ...okta, issuer: { ...okta?.issuer, matches: '(' } }).success).toBe(false)
})
