import { zResourceClient } from '@crosswalk/protocol'
import { describe, expect, it } from 'vitest'

import { findClient, findTrust, mostUses } from './redemption-snapshot.ts'
import { IDP, makeSnapshot } from './testing/redemption-world.ts'

type Entry = Readonly<Record<string, unknown>>
const trustOf = (...entries: readonly Entry[]) =>
  makeSnapshot({ trustedIssuers: entries.map((entry) => ({ issuer: IDP, ...entry })) })

describe('findTrust', () => {
  const open = { algorithms: ['ES256'] }
  const one = { tenant: 'one', algorithms: ['ES384'] }
  const two = { tenant: 'two', algorithms: ['PS256'] }

  it.each<[string, readonly Entry[], string | undefined, string | undefined]>([
    ['the entry of the tenant', [open, one, two], 'two', 'PS256'],
    ['the entry of the tenant, whichever comes first', [two, one, open], 'one', 'ES384'],
    ['the open entry for a tenant without an entry', [one, open, two], 'other', 'ES256'],
    ['the open entry if no tenant is named', [one, open], undefined, 'ES256'],
    ['the first entry if none matches, so that the record names its tenant', [one, two], 'other', 'ES384'],
    ['no inactive entry', [{ ...one, active: false }, two], 'one', 'PS256'],
    ['no entry if all are inactive', [{ ...open, active: false }], undefined, undefined],
  ])('takes %s', (_, entries, tenant, algorithm) => {
    expect(findTrust(trustOf(...entries), IDP, tenant)?.algorithms[0]).toBe(algorithm)
  })

  it.each([`${IDP}/`, 'https://evil.test', undefined, 7, [IDP]])(
    'finds no entry for the issuer %j',
    (issuer) => {
      expect(findTrust(trustOf(open), issuer, undefined)).toBeUndefined()
    },
  )

  it.each([
    [['EdDSA'], ['EdDSA', 'Ed25519']],
    [['Ed25519'], ['Ed25519']],
    [
      ['EdDSA', 'Ed25519'],
      ['EdDSA', 'Ed25519'],
    ],
    [['ES256'], ['ES256']],
  ])('treats %j as %j', (algorithms, expected) => {
    expect(findTrust(trustOf({ algorithms }), IDP, undefined)?.algorithms).toEqual(expected)
  })
})

describe('findClient', () => {
  const described = zResourceClient.parse({ id: 'https://agent.test/client', auth: { method: 'none' } })

  it('prefers the registered client to one that describes itself under the same id', () => {
    const snapshot = makeSnapshot()
    expect(findClient(snapshot, 'other', described)?.issuers).toEqual(['https://idp.other.test'])
    expect(findClient(snapshot, described.id, described)).toBe(described)
    expect(findClient(snapshot, 'gone', described)).toBeUndefined()
    expect(findClient(snapshot, 'gone', undefined)).toBeUndefined()
  })
})

it.each([
  ['single-use', 1],
  ['until-expiry', 10],
] as const)('an ID-JAG with replay %s is redeemed at most %i times', (replay, times) => {
  expect(mostUses({ replay })).toBe(times)
})
