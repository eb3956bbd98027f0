// The subject of an event. An address identifies it only if the issuer may assert it, as for ID-JAGs (RAS-30).
import { type TrustedIssuerDefinition, zTrustedIssuer } from '@crosswalk/protocol'
import { describe, expect, it } from 'vitest'

import type { Account, Accounts } from '../ports.ts'
import { findTargets, readResources } from './find-target.ts'

const [A, B] = ['https://a.idp.test', 'https://b.idp.test']
const BY_EMAIL = { subject: ['iss_sub', 'email'], emailDomains: ['acme.test'] }
const trust = (change: object = {}) =>
  zTrustedIssuer.parse({ issuer: A, ...BY_EMAIL, securityEvents: {}, ...change })
const account = (id: string, issuer: string) => ({ id, issuer, subject: `${id} there` }) as Account

async function find(
  subject: Readonly<Record<string, unknown>> | undefined,
  {
    entries = [trust()],
    closed = [],
    kept = [],
    asked = [],
  }: {
    entries?: readonly TrustedIssuerDefinition[]
    closed?: readonly TrustedIssuerDefinition[]
    kept?: readonly Account[]
    /** From which issuers and tenants accounts were looked up */
    asked?: object[]
  } = {},
) {
  const event = { id: 'set-1', issuedAt: 0, subject, events: {} }
  const accounts = {
    findByVerifiedEmail: async (server: string, email: string, from: object) => {
      asked.push(from)
      return server === 'todo0' && email === 'alice@acme.test' ? kept : []
    },
  } as unknown as Accounts
  return await findTargets({ server: 'todo0', issuer: A, trust: entries, closed, event }, accounts)
}

const EMAIL = { format: 'email', email: 'Alice@ACME.test' }

describe('REV-05: an event by address affects', () => {
  const [ofA, ofB] = [account('one', A), account('two', B)]

  it('the subject of its issuer, and an account linked at another issuer by its id', async () => {
    expect(await find(EMAIL, { kept: [ofA, ofB] })).toMatchObject({
      accepted: true,
      value: [{ subject: 'one there' }, { accountId: 'two' }],
    })
  })

  it.each([
    ['the issuer has no e-mail strategy', trust({ subject: ['iss_sub'] }), EMAIL],
    ['the issuer may not assert the domain', trust({ emailDomains: ['other.test'] }), EMAIL],
    ['the domain only has the same suffix', trust(), { ...EMAIL, email: 'alice@evil-acme.test' }],
  ])('no user if %s', async (_, entry, subject) => {
    expect(await find(subject, { entries: [entry], kept: [ofA, ofB] })).toEqual({ accepted: true, value: [] })
    expect(await find(EMAIL, { kept: [ofA] })).toMatchObject({ value: [{ subject: 'one there' }] })
  })
})

describe('REV-07: an event applies to', () => {
  const named = { format: 'iss_sub', iss: A, sub: 'alice' }
  const inTenant = (tenant: string) => ({
    format: 'complex',
    user: named,
    tenant: { format: 'opaque', id: tenant },
  })
  const [one, two, any] = [trust({ tenant: 'one' }), trust({ tenant: 'two' }), trust()]

  it.each([
    [
      'the only tenant of its issuer, even if it names none',
      [one],
      named,
      { tenant: 'one', subject: 'alice' },
    ],
    ['the tenant it names', [one, two], inTenant('two'), { tenant: 'two', subject: 'alice' }],
    [
      'any tenant of an issuer that is trusted for all',
      [any],
      inTenant('x'),
      { tenant: 'x', subject: 'alice' },
    ],
  ])('%s', async (_, entries, subject, target) => {
    expect(await find(subject, { entries })).toMatchObject({ accepted: true, value: [target] })
  })

  it('the account that the named tenant knows by this address, not that of another tenant', async () => {
    const email = { format: 'email', email: 'alice@acme.test' }
    const subject = { format: 'complex', user: email, tenant: { format: 'opaque', id: 'two' } }
    const asked: object[] = []
    const kept = [account('one', A)]
    expect(await find(subject, { entries: [one, two], kept, asked })).toMatchObject({
      value: [{ tenant: 'two', subject: 'one there' }],
    })
    expect(asked).toEqual([{ issuer: A, email: 'alice@acme.test', tenant: 'two' }])
  })

  it.each([
    ['one app of the user, if it names one', { application: { format: 'opaque', id: 'agent0' } }, 'agent0'],
    ['every app of the user, if it names none', {}, undefined],
  ])('%s', async (_, application, clientId) => {
    const subject = { format: 'complex', user: named, tenant: { format: 'opaque', id: 'x' }, ...application }
    const found = await find(subject, { entries: [any] })
    expect(found.accepted && found.value.map((target) => [target.subject, target.clientId])).toEqual([
      ['alice', clientId],
    ])
  })

  it.each([
    ['no tenant if it is ambiguous', [one, two], named],
    ['no tenant that it is not trusted for', [one, two], inTenant('three')],
    ['no subject of another issuer', [any], { ...named, iss: B }],
  ])('%s', async (_, entries, subject) => {
    expect(await find(subject, { entries })).toMatchObject({ refusal: { error: 'invalid_issuer' } })
  })

  it('no tenant whose own entry accepts no events, whether it is named or not', async () => {
    const invalid = { refusal: { error: 'invalid_issuer' } }
    const world = { entries: [any], closed: [two] }
    expect(await find(inTenant('two'), world)).toMatchObject(invalid)
    expect(await find(named, world)).toMatchObject(invalid)
    expect(await find(inTenant('x'), world)).toMatchObject({ accepted: true, value: [{ tenant: 'x' }] })
    expect(await find(named, { entries: [one], closed: [any, two] })).toMatchObject({
      value: [{ tenant: 'one' }],
    })
  })
})

it.each([
  [{ resources: ['https://a.test/', 'https://b.test/'] }, ['https://a.test/', 'https://b.test/']],
  [{ resources: [] }, undefined],
  [{ resources: 'https://a.test/' }, undefined],
  [{ resources: ['https://a.test/', 1] }, undefined],
  [{}, undefined],
])('the resources of %j are %j', (body, resources) => {
  expect(readResources(body)).toEqual(resources)
})

it('the resources of an event are looked up one by one up to the limit, and ignored beyond it', () => {
  const list = (length: number) => Array.from({ length }, (_, index) => `https://${index}.test/`)
  expect(readResources({ resources: list(100) })).toEqual(list(100))
  expect(readResources({ resources: list(101) })).toBeUndefined()
})
