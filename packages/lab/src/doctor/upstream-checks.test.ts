// Each product as it documents itself has nothing told about it, and with each of its quirks the doctor names that quirk.
import { type SubjectIssuerDefinition, zSubjectIssuer } from '@crosswalk/protocol'
import { describe, expect, it, test } from 'vitest'

import type { Exchange } from '../http/guarded-sender.ts'
import { findVendor, VENDORS } from '../vendors/registry.ts'
import type { Vendor } from '../vendors/vendor.ts'
import { runChecks } from './finding.ts'
import { UPSTREAM_CHECKS, type UpstreamEvidence } from './upstream-checks.ts'

const answer = (url: string, json: Readonly<Record<string, unknown>>): Exchange => ({
  request: { method: 'GET', url },
  status: 200,
  headers: {},
  cookies: [],
  text: '',
  ms: 0,
  json,
})

const KEYS = { keys: [{ kty: 'RSA', kid: '1', use: 'sig', n: 'n', e: 'AQAB' }] }

function evidenceOf(
  { subjectIssuer }: Vendor,
  change: Partial<SubjectIssuerDefinition> = {},
  metadata: Readonly<Record<string, unknown>> = {},
): UpstreamEvidence {
  const documented: Readonly<Record<string, unknown>> = { ...subjectIssuer?.metadata, ...metadata }
  const issuer = change.issuer ?? subjectIssuer?.metadata.issuer ?? ''
  const found = answer(`${issuer}/.well-known/openid-configuration`, documented)
  return {
    role: 'idp',
    issuer,
    tried: [found],
    found,
    metadata: documented,
    keys: answer(String(documented['jwks_uri']), KEYS),
    nowMs: 0,
    entry: zSubjectIssuer.parse({
      audiences: { there: 'agent0' },
      ...subjectIssuer?.entry,
      ...change,
      issuer,
    }),
  }
}

const told = (evidence: UpstreamEvidence) =>
  runChecks(UPSTREAM_CHECKS, evidence, { subject: evidence.issuer }).flatMap(({ id, result }) =>
    result === 'pass' || result === 'skipped' ? [] : [id],
  )

const vendorOf = (id: string): Vendor => {
  const vendor = VENDORS.find((one) => one.id === id)
  if (vendor === undefined) throw new Error(`no vendor ${id}`)
  return vendor
}

describe.each(VENDORS.map((vendor) => [vendor.name, vendor] as const))('%s', (_, vendor) => {
  it('as it documents itself has nothing told about it', () => {
    expect(told(evidenceOf(vendor))).toEqual([])
  })

  it('is recognised by its issuer, and by no other', () => {
    const issuer = vendor.subjectIssuer?.metadata.issuer ?? ''
    expect(VENDORS.filter(({ issuer: pattern }) => pattern.test(issuer))).toEqual([vendor])
    expect(findVendor(issuer.replace('https://', 'https://elsewhere.example/'))?.id ?? 'keycloak').toBe(
      'keycloak',
    )
  })
})

type Change = Partial<SubjectIssuerDefinition>
const TENANT = '11111111-2222-3333-4444-555555555555'
const NAMES = { subject: 'oid', username: 'preferred_username', email: 'email', name: 'name' }
const QUIRKS: readonly (readonly [id: string, vendor: string, change: Change, before: readonly string[]])[] =
  [
    ['V01', 'okta', { issuer: 'https://acme-admin.okta.com' }, ['U02']],
    ['V02', 'entra', { claims: { ...NAMES, subject: 'sub' } }, []],
    ['V03', 'entra', { link: ['email'], emailDomains: ['acme.example'] }, []],
    ['V04', 'entra', { link: ['username'] }, []],
    ['V05', 'entra', { issuer: 'https://login.microsoftonline.com/common/v2.0' }, ['U02']],
    ['V06', 'entra', { issuer: `https://sts.windows.net/${TENANT}/` }, ['U02']],
    ['V07', 'google', { requireClaims: {} }, []],
    ['V08', 'google', { link: ['username'] }, []],
    ['V09', 'ping', { issuer: `https://auth.pingone.com/${TENANT}` }, ['U02']],
    ['V10', 'keycloak', { issuer: 'https://login.acme.example/realms/acme/' }, ['U02']],
    ['V11', 'keycloak', { session: 'optional' }, []],
    ['V12', 'auth0', { issuer: 'https://acme.eu.auth0.com' }, ['U02']],
    ['V13', 'stytch', { issuer: 'https://test.stytch.com/v1/public/project' }, ['U02']],
  ]

test('each quirk has an id of its own, and a case here', () => {
  const ids = VENDORS.flatMap(({ subjectIssuer }) => subjectIssuer?.quirks.map(({ id }) => id) ?? [])
  expect(ids.toSorted()).toEqual(QUIRKS.map(([id]) => id))
})

test.each(QUIRKS)('%s of %s is named', (id, vendor, change, before) => {
  expect(told(evidenceOf(vendorOf(vendor), change))).toEqual([...before, id])
})

describe('any subject issuer', () => {
  it.each<[string, Readonly<Record<string, unknown>>, readonly string[]]>([
    ['that signs with shared secrets alone', { id_token_signing_alg_values_supported: ['HS256'] }, ['U03']],
    ['that names no keys', { jwks_uri: undefined }, ['U04']],
  ])('%s is named', (_, metadata, ids) => {
    const evidence = evidenceOf(vendorOf('okta'), {}, metadata)
    expect(
      told(
        metadata['jwks_uri'] === undefined && 'jwks_uri' in metadata
          ? { ...evidence, keys: undefined as never }
          : evidence,
      ),
    ).toEqual(ids)
  })

  it('that tells of no logout may serve for an hour at a time', () => {
    expect(told(evidenceOf(vendorOf('okta'), { maxAgeSeconds: 3601 }))).toEqual(['U05'])
    expect(told(evidenceOf(vendorOf('okta'), { maxAgeSeconds: 3600 }))).toEqual([])
    expect(told(evidenceOf(vendorOf('auth0'), { maxAgeSeconds: 3601 }))).toEqual([])
  })
})
