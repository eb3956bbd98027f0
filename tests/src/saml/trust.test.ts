// Configuration of SAML issuers: accepted assertions, keys, and how a NameID identifies a user.
import { parseConfiguration } from '@crosswalk/control'
import { TOKEN_TYPE } from '@crosswalk/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { AGENT, company, TODO } from '../support/company.ts'
import {
  type AssertionOptions,
  buildAssertion,
  createEcSamlKey,
  createRocaCertificate,
  createSamlKey,
  ECDSA_SHA256,
  exchangeAssertion,
  SAML_ISSUER,
  type SamlKey,
  sign,
  type SigningOptions,
  SP,
} from '../support/saml.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

/** Made by OpenSSL, because the Web Crypto API has no keys of this curve */
const SECP256K1 = `-----BEGIN CERTIFICATE-----
MIIBbTCCARSgAwIBAgIUKwhuiYK2zj/DF5vmh642z7+mRL4wCgYIKoZIzj0EAwIw
DTELMAkGA1UEAwwCazEwIBcNMjYxMjAxMDk1MjU0WhgPMjEyNjExMDcwOTUyNTRa
MA0xCzAJBgNVBAMMAmsxMFYwEAYHKoZIzj0CAQYFK4EEAAoDQgAEsBksE27lEgYL
1+ubiUSPuqJ8q2mjTASnC5wfGylciVIqgpA1G13e52dSBg/zgH3he7Zu/jc8IRy7
nvuLy/NatqNTMFEwHQYDVR0OBBYEFDW7l/54op4s6BmfCd+fMMegFFGwMB8GA1Ud
IwQYMBaAFDW7l/54op4s6BmfCd+fMMegFFGwMA8GA1UdEwEB/wQFMAMBAf8wCgYI
KoZIzj0EAwIDRwAwRAIgblTiWz7VxN8hFm7O1nJPgJ+Sk3mFjy/S0E133cAAWuQC
IDOXxzlUctWm+4eOzbPAjEMJzNW9LLGuI8bPsKNIsvaA
-----END CERTIFICATE-----`
const ED25519 = `-----BEGIN CERTIFICATE-----
MIIBMDCB46ADAgECAhRiyrg01vVwZCyra5+CF6fgkEF4pTAFBgMrZXAwDTELMAkG
A1UEAwwCZWQwIBcNMjYxMjAxMDk1MjU0WhgPMjEyNjExMDcwOTUyNTRaMA0xCzAJ
BgNVBAMMAmVkMCowBQYDK2VwAyEAhfSRi1+9+ICvMU5m9TW70nxwe/tObdIRIxCq
hobOcqyjUzBRMB0GA1UdDgQWBBQiQx3IYppxnHGyHWb2KFptm14CGjAfBgNVHSME
GDAWgBQiQx3IYppxnHGyHWb2KFptm14CGjAPBgNVHRMBAf8EBTADAQH/MAUGAytl
cANBAJcs1fCtiQFYW02SOGTewmXy06f0LD9yRjOGZdXrrSVLhFAWZHLkqMys/mfR
haJI0WO0zgQAtrVawyW7pnsgIQU=
-----END CERTIFICATE-----`
const ACS = 'https://agent0.test/saml/acs'
const issuerOf = (name: string) => `${SAML_ISSUER}/${name}`

let server: TestServer
let rsa: SamlKey
let older: SamlKey
let ec: SamlKey

beforeAll(async () => {
  ;[rsa, older, ec] = await Promise.all([createSamlKey(), createSamlKey(), createEcSamlKey()])
  server = await startTestServer({
    file: (baseUrl) =>
      company(baseUrl, {
        idp: { saml: { issuers: listIssuers(baseUrl) } },
        users: {
          alice: { attributes: { staff: 'S-1', team: 'red' } },
          carol: { emailVerified: false, attributes: { team: 'red' } },
        },
      }),
  })
})
afterAll(() => server.stop())

function listIssuers(baseUrl: string) {
  const audiences = { [SP]: AGENT.id }
  const usual = { certificates: [older.certificate, rsa.certificate], audiences, recipient: [ACS, baseUrl] }
  return [
    { ...usual, entityId: issuerOf('username'), nameId: 'username' },
    { ...usual, entityId: issuerOf('id'), nameId: 'id' },
    { ...usual, entityId: issuerOf('email'), nameId: 'email' },
    { ...usual, entityId: issuerOf('staff'), nameId: 'attribute:staff' },
    { ...usual, entityId: issuerOf('team'), nameId: 'attribute:team' },
    { ...usual, entityId: issuerOf('ec'), nameId: 'username', certificates: [ec.certificate] },
  ]
}

interface Attempt extends Partial<AssertionOptions> {
  readonly by: string
  readonly key?: SamlKey
  readonly signing?: SigningOptions
}

function present({ by, key = rsa, signing = {}, ...change }: Attempt) {
  const now = Math.floor(Date.now() / 1000)
  const xml = buildAssertion({ now, recipient: ACS, issuer: issuerOf(by), ...change })
  return exchangeAssertion(server.baseUrl, sign(xml, key, signing), { resource: TODO })
}

describe('SAML-04: keys', () => {
  const signing = { signatureAlgorithm: ECDSA_SHA256 }

  test('each certificate of an issuer counts, and those of another do not', async () => {
    expect((await present({ by: 'username' })).status).toBe(200)
    expect((await present({ by: 'username', key: older })).status).toBe(200)
    expect((await present({ by: 'ec' })).status).toBe(400)
  })

  test('ECDSA counts, by an EC key only', async () => {
    expect((await present({ by: 'ec', key: ec, signing })).status).toBe(200)
    expect((await present({ by: 'username', key: ec, signing })).status).toBe(400)
  })
})

test('the recipients listed count, and the token endpoint no more', async () => {
  expect((await present({ by: 'username', recipient: server.baseUrl })).status).toBe(200)
  expect((await present({ by: 'username', recipient: `${server.baseUrl}/token` })).status).toBe(400)
})

describe('the NameID identifies a user as configured', () => {
  test.each([
    ['id', 'usr_alice', 200],
    ['id', 'alice', 400],
    ['email', 'alice@acme.test', 200],
    ['email', 'alice', 400],
    ['email', 'carol@acme.test', 400],
    ['staff', 'S-1', 200],
    ['staff', 's-1', 400],
    ['team', 'red', 400],
    ['username', 'Alice', 400],
  ])('by %s: %s gets %d', async (by, nameId, status) => {
    expect((await present({ by, nameId })).status).toBe(status)
  })
})

describe('in the configuration', () => {
  const findProblems = (saml: object, change: Readonly<Record<string, unknown>> = {}) => {
    const baseUrl = 'http://127.0.0.1:4000'
    const file = company(baseUrl, { authorizationServer: change })
    const idp = { ...(file.idp as object), saml: { issuers: [saml].flat() } }
    const { problems } = parseConfiguration(JSON.stringify({ baseUrl, ...file, idp }), 'test.json', {})
    // The test company's simple client secrets cause warnings.
    return problems.map(({ what }) => what).filter((what) => !what.includes('bits of strength'))
  }
  const usual = () => ({
    entityId: SAML_ISSUER,
    certificates: [rsa.certificate],
    audiences: { [SP]: AGENT.id },
    nameId: 'email',
  })

  test('the usual one has no problem', () => {
    expect(findProblems(usual())).toEqual([])
  })

  test('an audience leads to an app that exists', () => {
    expect(findProblems({ ...usual(), audiences: { [SP]: 'agent1' } })).toEqual(['there is no app agent1'])
  })

  test('a certificate is one, and its key strong enough', async () => {
    const weak = await createSamlKey(1024)
    const withKey = `${rsa.certificate}\n${rsa.privateKey}`
    const refused = ['MIIC', weak.certificate, withKey, SECP256K1, ED25519]
    const certificates = [rsa.certificate, ec.certificate, ...refused]
    expect(findProblems({ ...usual(), certificates })).toEqual([
      'the certificate is not a PEM certificate',
      'the certificate is an RSA key below 2048 bits',
      'the certificate is not a PEM certificate',
      'the certificate is an EC key on a curve other than P-256, P-384 or P-521',
      'the certificate is a key that is neither RSA nor EC',
    ])
  })

  test('a certificate of the faulty generator of CVE-2017-15361 is refused', async () => {
    expect(findProblems({ ...usual(), certificates: [await createRocaCertificate()] })).toEqual([
      'the certificate is an RSA key of a faulty generator (ROCA, CVE-2017-15361)',
    ])
  })

  test('an issuer is listed once', () => {
    expect(findProblems([usual(), usual()])).toEqual([
      expect.stringContaining(`the SAML issuer ${SAML_ISSUER} is already used`),
    ])
  })

  test('sub_id without an entity id is warned about', () => {
    const trustedIssuers = [{ issuer: 'http://127.0.0.1:4000', subject: ['sub_id'] }]
    expect(findProblems(usual(), { trustedIssuers })).toEqual([
      '`sub_id` in `subject` matches no user, because this issuer has no SAML entity id',
      expect.stringMatching(/^no issuer that authorization server vendor trusts creates accounts/),
    ])
  })
})

test('IDP-21: where no SAML issuer is configured, assertions are no kind of subject token', async () => {
  const plain = await startTestServer({ file: company })
  try {
    for (const form of [{}, { requested_token_type: TOKEN_TYPE.refreshToken }]) {
      const answer = await exchangeAssertion(plain.baseUrl, '<a/>', { resource: TODO, ...form })
      expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    }
  } finally {
    await plain.stop()
  }
})
