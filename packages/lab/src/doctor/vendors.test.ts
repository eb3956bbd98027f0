// The doctor against a server with the documented metadata of each product reports nothing; with each documented quirk,
// it reports the quirk.
import { generateKeyPairSync } from 'node:crypto'

import { type SubjectIssuerDefinition, zSubjectIssuer, zTrustedIssuer } from '@crosswalk/protocol'
import { fillIssuer, findVendor, type Vendor, VENDORS } from '@crosswalk/protocol/vendors'
import { describe, expect, it, test } from 'vitest'

import type { Exchange, GuardedSender } from '../http/guarded-sender.ts'
import { diagnose, type Endpoints } from './diagnose.ts'

const KEY = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' })
const KEYS = { keys: [{ ...KEY, kid: '1', use: 'sig' }] }

type Json = Readonly<Record<string, unknown>>

const exampleOf = ({ issuer: { fill } }: Vendor) =>
  Object.fromEntries(Object.entries(fill).map(([name, { example }]) => [name, example]))
const issuerOf = (vendor: Vendor): string => fillIssuer(vendor, exampleOf(vendor))

/** As the product documents it, plus what it must have: an issuer and keys. */
function metadataOf(vendor: Vendor): Json & { readonly issuer: string; readonly jwks_uri: string } {
  const issuer = issuerOf(vendor)
  const known: Record<string, string> = { ...exampleOf(vendor), issuer }
  const text = JSON.stringify(vendor.metadata).replace(
    /\{([a-z]+)\}/g,
    (hole, name: string) => known[name] ?? hole,
  )
  return { jwks_uri: `${issuer}/keys`, ...(JSON.parse(text) as Json), issuer }
}

function serve(metadata: ReturnType<typeof metadataOf>): GuardedSender {
  return {
    send(request) {
      const keys = request.url === metadata.jwks_uri
      const json: Json | undefined = keys
        ? KEYS
        : request.url.includes('/.well-known/')
          ? metadata
          : undefined
      const empty = { request, headers: {}, cookies: [], text: '', ms: 0 }
      const answer: Exchange =
        json === undefined ? { ...empty, status: 404 } : { ...empty, status: 200, json }
      return Promise.resolve(answer)
    },
    close: () => Promise.resolve(),
  }
}

async function told(vendor: Vendor, endpoints: Partial<Endpoints>, metadata: Json = {}) {
  const sender = serve({ ...metadataOf(vendor), ...metadata })
  const all = { idps: [], servers: [], resources: [], ...endpoints }
  const { findings } = await diagnose({ sender, nowMs: () => 0 }, all)
  return findings.flatMap(({ id, result }) => (result === 'pass' || result === 'skipped' ? [] : [id]))
}

type Change = Partial<SubjectIssuerDefinition>

const asUpstream = (vendor: Vendor, change: Change = {}): Partial<Endpoints> => {
  const { issuer = issuerOf(vendor) } = change
  const written = { audiences: { there: 'agent0' }, ...vendor.signIn?.entry, ...change, issuer }
  return { upstreams: [{ issuer, entry: zSubjectIssuer.parse(written) }] }
}
const asTrusted = (vendor: Vendor, issuer = issuerOf(vendor)): Partial<Endpoints> => {
  const entry = zTrustedIssuer.parse({ ...vendor.issuesIdJags?.entry, issuer })
  return { idps: [issuer], trusted: [{ issuer, entry }] }
}

const vendorOf = (id: string): Vendor => {
  const vendor = VENDORS.find((one) => one.id === id)
  if (vendor === undefined) throw new Error(`no vendor ${id}`)
  return vendor
}
const named = (having: 'signIn' | 'issuesIdJags') =>
  VENDORS.filter((vendor) => vendor[having] !== undefined).map((vendor) => [vendor.name, vendor] as const)

describe('as documented', () => {
  it.each(named('signIn'))('%s has no findings as a sign-in provider', async (_, vendor) => {
    expect(await told(vendor, asUpstream(vendor))).toEqual([])
  })

  it.each(named('issuesIdJags'))('%s has no findings for its ID-JAGs', async (_, vendor) => {
    expect(await told(vendor, asTrusted(vendor))).toEqual([])
  })

  it.each(VENDORS.map((vendor) => [vendor.name, vendor] as const))(
    '%s is recognized by its issuer, and by no other',
    (_, vendor) => {
      const issuer = issuerOf(vendor)
      expect(VENDORS.filter(({ issuer: { matches } }) => new RegExp(matches).test(issuer))).toEqual([vendor])
      expect(findVendor(issuer.replace('https://', 'https://elsewhere.example/'))?.id ?? 'keycloak').toBe(
        'keycloak',
      )
    },
  )
})

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
    ['V12', 'auth0', { issuer: 'https://acme.eu.auth0.com' }, ['U02']],
    ['V13', 'stytch', { issuer: 'https://test.stytch.com/v1/public/project' }, ['U02']],
    ['V14', 'entra', { claims: { ...NAMES, groups: 'groups' } }, []],
    ['V16', 'descope', { issuer: 'https://api.descope.com' }, ['U02']],
  ]
const TRUSTED_QUIRKS: readonly (readonly [id: string, vendor: string, issuer: string])[] = [
  ['V15', 'okta', 'https://acme.okta.com/oauth2/default'],
]

test('each quirk has its own id, and a case here', () => {
  const ids = VENDORS.flatMap(({ signIn, issuesIdJags, takesIdJags, requests }) =>
    [signIn, issuesIdJags, takesIdJags, requests].flatMap((role) => role?.quirks.map(({ id }) => id) ?? []),
  )
  expect(ids.toSorted()).toEqual([...QUIRKS, ...TRUSTED_QUIRKS].map(([id]) => id).toSorted())
})

test.each(QUIRKS)('%s of %s is reported for a sign-in provider', async (id, vendor, change, before) => {
  expect(await told(vendorOf(vendor), asUpstream(vendorOf(vendor), change))).toEqual([...before, id])
})

test.each(TRUSTED_QUIRKS)('%s of %s is reported if its ID-JAGs are accepted', async (id, vendor, issuer) => {
  expect(await told(vendorOf(vendor), asTrusted(vendorOf(vendor), issuer))).toEqual(['M02', id])
})

describe('any subject issuer', () => {
  it.each<[string, Json, readonly string[]]>([
    ['that signs only with shared secrets', { id_token_signing_alg_values_supported: ['HS256'] }, ['U03']],
    ['that names no keys', { jwks_uri: undefined }, ['U04']],
  ])('%s is reported', async (_, metadata, ids) => {
    expect(await told(vendorOf('okta'), asUpstream(vendorOf('okta')), metadata)).toEqual(ids)
  })

  it('without logout tokens may be used for an hour at a time', async () => {
    const [okta, auth0] = [vendorOf('okta'), vendorOf('auth0')]
    expect(await told(okta, asUpstream(okta, { maxAgeSeconds: 3601 }))).toEqual(['U05'])
    expect(await told(okta, asUpstream(okta, { maxAgeSeconds: 3600 }))).toEqual([])
    expect(await told(auth0, asUpstream(auth0, { maxAgeSeconds: 3601 }))).toEqual([])
  })
})
