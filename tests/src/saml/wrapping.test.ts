// Signature attacks on assertions: wrapped, moved, weakened or duplicated, each next to one that is accepted.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { AGENT, company, TODO } from '../support/company.ts'
import type { Answer } from '../support/flow.ts'
import {
  type AssertionOptions,
  buildAssertion,
  createSamlKey,
  exchangeAssertion,
  SAML_ISSUER,
  type SamlKey,
  sign,
  type SigningOptions,
  SP,
} from '../support/saml.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let key: SamlKey
let stranger: SamlKey

beforeAll(async () => {
  ;[key, stranger] = await Promise.all([createSamlKey(), createSamlKey()])
  server = await startTestServer({
    file: (baseUrl) => {
      const file = company(baseUrl)
      const issuer = {
        entityId: SAML_ISSUER,
        certificates: [key.certificate],
        audiences: { [SP]: AGENT.id },
        nameId: 'username',
      }
      return { ...file, idp: { ...(file.idp as object), saml: { issuers: [issuer] } } }
    },
  })
})
afterAll(() => server.stop())

const build = (change: Partial<AssertionOptions> = {}) =>
  buildAssertion({ now: Math.floor(Date.now() / 1000), recipient: `${server.baseUrl}/token`, ...change })
const signed = (change: Partial<AssertionOptions> = {}, options: SigningOptions = {}) =>
  sign(build(change), key, options)
const present = (xml: string) => exchangeAssertion(server.baseUrl, xml, { resource: TODO })

async function findCause({ headers }: Answer) {
  const id = headers.get('crosswalk-decision') ?? ''
  const [found] = await server.events((events) => events.findByDecision(id))
  const failed = found?.event.decision?.checks.find(({ result }) => result === 'fail')
  return { code: failed?.code, id: failed?.id, actual: failed?.actual }
}

async function expectRefused(xml: string, id: string, actual: string): Promise<void> {
  const answer = await present(xml)
  expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  expect(await findCause(answer)).toEqual({ code: 'XAA1209', id: `subject_token.${id}`, actual })
}

const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature'
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const INCLUSIVE = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315'
const DECLARED = 'a document type or entity declaration'
const SIGNATURE = /<ds:Signature[\s\S]*<\/ds:Signature>/
const signatureOf = (xml: string) => SIGNATURE.exec(xml)?.[0] ?? ''
const withoutSignature = (xml: string) => xml.replace(SIGNATURE, '')
/** A forged assertion for carol with additional contents. */
const forged = (extra: string) => build({ nameId: 'carol', id: '_forged', extra })
const wrap = (xml: string) =>
  `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol">${xml}</samlp:Response>`

test('the control: what is signed as a whole by the configured key passes', async () => {
  expect((await present(signed())).status).toBe(200)
  expect((await present(`<?xml version="1.0" encoding="UTF-8"?>\n${signed()}\n`)).status).toBe(200)
})

describe('SAML-04: a signature that does not cover the whole assertion', () => {
  test('XSW: the forged one around the signed one', async () => {
    const xml = forged(signed())
    await expectRefused(xml, 'signature', 'a signature below the assertion')
  })

  test('XSW: the forged one carries the signature, the signed one is inside', async () => {
    const good = signed({ id: '_good' })
    const xml = forged(`${signatureOf(good)}<saml:Advice>${withoutSignature(good)}</saml:Advice>`)
    await expectRefused(xml, 'signature', 'a reference to something else')
  })

  test('XSW: the same with the ID of the signed one', async () => {
    const good = signed({ id: '_good' })
    const inside = `${signatureOf(good)}<saml:Advice>${withoutSignature(good)}</saml:Advice>`
    const xml = build({ nameId: 'carol', id: '_good', extra: inside })
    await expectRefused(xml, 'signature', 'a duplicate ID')
  })

  test('XSW: the same with another kind of ID', async () => {
    const good = signed({ id: '_good' })
    const other = withoutSignature(good).replace(' ID="_good"', ' xml:id="_good"')
    const xml = build({
      nameId: 'carol',
      id: '_good',
      extra: `${signatureOf(good)}<saml:Advice>${other}</saml:Advice>`,
    })
    await expectRefused(xml, 'signature', 'a duplicate ID')
  })

  test('XSW: the signed one in an Object of the signature', async () => {
    const good = signed({ id: '_good' })
    const object = `<ds:Object>${withoutSignature(good)}</ds:Object></ds:Signature>`
    const xml = build({
      nameId: 'carol',
      id: '_good2',
      extra: signatureOf(good).replace('</ds:Signature>', object),
    })
    await expectRefused(xml, 'signature', 'an Object in the signature')
  })

  test('XSW: two assertions below a response', async () => {
    await expectRefused(wrap(forged('') + signed()), 'form', 'not a SAML 2.0 assertion')
  })

  test('a signed response around an assertion is none', async () => {
    await expectRefused(wrap(signed()), 'form', 'not a SAML 2.0 assertion')
  })

  test('two assertions side by side are no document', async () => {
    await expectRefused(signed() + forged(''), 'form', 'not well-formed XML')
  })

  test('a signature over the subject only', async () => {
    const subject = build().replace('<saml:Subject>', '<saml:Subject ID="_s">')
    const xml = sign(subject, key, { xpath: "//*[local-name(.)='Subject']" })
    await expectRefused(xml, 'signature', 'a reference to something else')
  })

  test.each([
    ['twice', [ENVELOPED, EXCLUSIVE, EXCLUSIVE]],
    ['after another canonicalization', [ENVELOPED, INCLUSIVE, EXCLUSIVE]],
    ['in another order', [EXCLUSIVE, ENVELOPED]],
    ['without the enveloped-signature transform', [EXCLUSIVE]],
  ])('transforms that the IdP itself signed: exclusive %s', async (_, transforms) => {
    const cause = 'transforms other than enveloped signature and exclusive'
    await expectRefused(signed({}, { transforms }), 'signature', cause)
  })

  test('a second signature', async () => {
    await expectRefused(sign(signed(), stranger), 'signature', 'several signatures')
  })

  test('a second reference', async () => {
    const xml = signed()
    const reference = /<ds:Reference[\s\S]*<\/ds:Reference>/.exec(xml)?.[0] ?? ''
    await expectRefused(xml.replace(reference, reference + reference), 'signature', 'not one Reference')
  })

  test.each([
    ['no list', () => ''],
    ['a second list', (list: string) => list + list],
  ])('%s of transforms', async (_, change) => {
    const xml = signed().replace(/<ds:Transforms>[\s\S]*<\/ds:Transforms>/, change)
    await expectRefused(xml, 'signature', 'not one list of transforms')
  })

  test('a second SignedInfo', async () => {
    const xml = signed()
    const info = /<ds:SignedInfo>[\s\S]*<\/ds:SignedInfo>/.exec(xml)?.[0] ?? ''
    await expectRefused(xml.replace(info, info + info), 'signature', 'not one SignedInfo')
  })
})

describe('SAML-04: an invalid signature', () => {
  const NONE = 'no configured certificate verifies the signature'

  test('none at all', async () => {
    await expectRefused(build(), 'signature', 'no signature')
  })

  test('by a key that is not configured, certificate enclosed', async () => {
    const xml = sign(build(), stranger)
    const body = stranger.certificate.replace(/-----[A-Z ]+-----|\s/g, '')
    const info = `<ds:KeyInfo><ds:X509Data><ds:X509Certificate>${body}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>`
    await expectRefused(xml, 'signature', NONE)
    await expectRefused(xml.replace('</ds:Signature>', `${info}</ds:Signature>`), 'signature', NONE)
  })

  test('over a text that was changed afterwards', async () => {
    await expectRefused(signed().replace('>alice<', '>carol<'), 'signature', NONE)
  })

  test.each([
    ['http://www.w3.org/2000/09/xmldsig#rsa-sha1', 'signature algorithm '],
    ['http://www.w3.org/2000/09/xmldsig#hmac-sha1', 'signature algorithm '],
  ])('with the algorithm %s', async (algorithm, detail) => {
    const xml = signed().replace('http://www.w3.org/2001/04/xmldsig-more#rsa-sha256', algorithm)
    await expectRefused(xml, 'signature', `${detail}${algorithm}`)
  })

  test('really made with SHA-1', async () => {
    const signatureAlgorithm = 'http://www.w3.org/2000/09/xmldsig#rsa-sha1'
    await expectRefused(
      signed({}, { signatureAlgorithm }),
      'signature',
      `signature algorithm ${signatureAlgorithm}`,
    )
    const digestAlgorithm = 'http://www.w3.org/2000/09/xmldsig#sha1'
    await expectRefused(signed({}, { digestAlgorithm }), 'signature', 'a weak or unknown digest')
  })

  test('with canonicalization or transforms that keep comments, or take more away', async () => {
    const comments = 'http://www.w3.org/2001/10/xml-exc-c14n#WithComments'
    const enveloped = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature'
    await expectRefused(
      signed({}, { canonicalization: comments }),
      'signature',
      'canonicalization other than exclusive',
    )
    await expectRefused(
      signed({}, { transforms: [enveloped, comments] }),
      'signature',
      'transforms other than enveloped signature and exclusive',
    )
  })

  test('an RSA-SHA512 signature does count', async () => {
    const signatureAlgorithm = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512'
    expect((await present(signed({}, { signatureAlgorithm }))).status).toBe(200)
  })
})

describe('SAML-04: XML that could change the meaning of what was signed', () => {
  test('a comment cannot cut a name in two: what is read is what was signed', async () => {
    const xml = signed({ nameId: 'alice.of.evil' })
    const cut = xml.replace('>alice.of.evil<', '>alice<!-- -->.of.evil<')
    const answer = await present(cut)
    expect(await findCause(answer)).toMatchObject({ code: 'XAA1504', id: 'subject_token.user' })
    const harmless = signed().replace('>alice<', '>al<!-- -->ice<')
    expect((await present(harmless)).status).toBe(200)
  })

  test('a comment in the signature', async () => {
    const xml = signed().replace('<ds:DigestValue>', '<ds:DigestValue><!-- -->')
    await expectRefused(xml, 'signature', 'a comment in the signature')
  })

  test.each<[string, (xml: string) => string, string]>([
    ['a document type', (xml) => `<!DOCTYPE a [<!ENTITY x "alice">]>${xml}`, DECLARED],
    ['an external entity', (xml) => `<!DOCTYPE a SYSTEM "http://127.0.0.1:1/x">${xml}`, DECLARED],
    ['an undeclared entity', (xml) => xml.replace('>alice<', '>&alice;<'), 'not well-formed XML'],
    ['a processing instruction', (xml) => xml.replace('>alice<', '><?x?>alice<'), 'a processing instruction'],
    ['text after the root', (xml) => `${xml}alice`, 'content outside the root element'],
    ['no XML', () => 'alice', 'not well-formed XML'],
    ['another version', (xml) => xml.replace('Version="2.0"', 'Version="2.1"'), 'not a SAML 2.0 assertion'],
  ])('%s', async (_, change, detail) => {
    await expectRefused(change(signed()), 'form', detail)
  })

  test('elements nested as deep as the size of a request allows', async () => {
    const depth = 5_000
    const deep = `${'<a>'.repeat(depth)}${'</a>'.repeat(depth)}`
    await expectRefused(build({ extra: deep }), 'form', 'elements nested too deep')
  })
})
