// Cost of a document that anyone can send: it is only digested if a configured key signed the signature's claim about
// it.
import { generateKeyPairSync } from 'node:crypto'

import { expect, test } from 'vitest'

import { openResponse } from './open-response.ts'
import { parseStrictXml } from './strict-xml.ts'

const DSIG = 'http://www.w3.org/2000/09/xmldsig#'
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const SAML = 'urn:oasis:names:tc:SAML:2.0:assertion'
/** @param more - added to SignedInfo; @param attributes - of SignedInfo */
const buildSignature = (more = '', attributes = '') => `<Signature xmlns="${DSIG}"><SignedInfo${attributes}>
  <CanonicalizationMethod Algorithm="${EXCLUSIVE}"/>
  <SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>
  <Reference URI="#_a"><Transforms><Transform Algorithm="${DSIG}enveloped-signature"/>
    <Transform Algorithm="${EXCLUSIVE}"/></Transforms>
    <DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><DigestValue>AAAA</DigestValue></Reference>${more}
  </SignedInfo><SignatureValue>AAAA</SignatureValue></Signature>`

const buildResponse = (
  content: string,
  signature = buildSignature(),
) => `<p:Response xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" Version="2.0">
  <p:Status><p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></p:Status>
  <Assertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion" ID="_a" Version="2.0">${signature}${content}</Assertion>
</p:Response>`

const KEYS = Array.from({ length: 10 }, () => generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey)

test.each([
  ['comments', '<!---->'],
  ['elements', '<x/>'],
  ['attributes', '<x a="" b="" c=""/>'],
])('an unsigned response with many %s is refused quickly, however many keys are tried', (_, content) => {
  const times = content === '<!---->' || content === '<x/>' ? 4800 : 1200
  const cpu = process.cpuUsage()
  const opened = openResponse(buildResponse(content.repeat(times)), KEYS)
  expect(opened).toEqual({
    accepted: false,
    refusal: { reason: 'failed', detail: 'no configured certificate verifies the signature' },
  })
  expect(process.cpuUsage(cpu).user / 1000).toBeLessThan(3000)
})

const refusalOf = (signature: string) => {
  const opened = openResponse(buildResponse('', signature), KEYS.slice(0, 1))
  return !opened.accepted && opened.refusal.reason === 'failed' ? opened.refusal.detail : undefined
}

// The library canonicalizes SignedInfo before the signature is checked, with a cost that grows with elements times
// namespaces.
test.each([
  ['22 elements more', '<x/>'.repeat(22), ''],
  ['22 elements more, some nested', '<x><x/></x>'.repeat(11), ''],
  ['long attributes', '', ` a="${'x'.repeat(4000)}"`],
  [
    'many namespaces',
    '',
    Array.from({ length: 90 }, (_, index) => ` xmlns:n${index}="${'u'.repeat(40)}"`).join(''),
  ],
])('a SignedInfo with %s is refused before it is canonicalized', (_, more, attributes) => {
  expect(refusalOf(buildSignature(more, attributes))).toBe('an oversized SignedInfo')
})

test('a SignedInfo may have a few elements and attributes more', () => {
  const attributes = ` a="${'x'.repeat(3000)}"`
  expect(refusalOf(buildSignature('<x/>'.repeat(21), attributes))).toBe(
    'no configured certificate verifies the signature',
  )
})

test.each([
  ['elements', 4998, '<x/>', true],
  ['one more element', 4999, '<x/>', false],
  ['attributes', 1249, '<x a="" b="" c=""/>', true],
  ['one more element with attributes', 1250, '<x a="" b="" c=""/>', false],
  ['comments', 4998, '<!---->', true],
  ['one more comment', 4999, '<!---->', false],
])('the maximum number of nodes in a document: %s', (_, times, content, isTaken) => {
  expect(parseStrictXml(`<r a="">${content.repeat(times)}</r>`).accepted).toBe(isTaken)
})

// Each declaration is compared with those that are in scope.
test.each([
  [100, true],
  [101, false],
])('an element with %i namespaces: %s', (count, accepted) => {
  const namespaces = Array.from({ length: count }, (_, index) => ` xmlns:n${index}="u"`).join('')
  expect(parseStrictXml(`<x${namespaces}/>`)).toMatchObject(
    accepted ? { accepted } : { accepted, refusal: 'too many attributes on one element' },
  )
})

// The parser copies the namespaces in scope at each level.
test('a deeply nested document is refused before it is parsed', () => {
  const open = Array.from({ length: 6000 }, (_, level) => `<x xmlns:n${level}="u">`).join('')
  const cpu = process.cpuUsage()
  expect(parseStrictXml(`${open}${'</x>'.repeat(6000)}`)).toEqual({
    accepted: false,
    refusal: 'elements nested too deep',
  })
  expect(process.cpuUsage(cpu).user / 1000).toBeLessThan(200)
})

test.each([
  ['50 levels', '<x>'.repeat(49), true],
  ['51 levels', '<x>'.repeat(50), false],
  ['51 levels, hidden by a value', '<x a="/>" b=\'"/>\'>'.repeat(50), false],
  ['51 levels, hidden by comments', '<!--</x>--><x>'.repeat(50), false],
  ['51 levels, hidden by CDATA', '<![CDATA[</x>]]><x>'.repeat(50), false],
])('how deep a document may nest: %s', (_, open, isTaken) => {
  const levels = open.split('<x').length - 1
  expect(parseStrictXml(`<r>${open}${'</x>'.repeat(levels)}</r>`).accepted).toBe(isTaken)
})

test.each([
  ['siblings', '<x/>'.repeat(60)],
  ['values with tags', `<x a=">" b='>'/>`.repeat(60)],
  ['comments with tags', '<!--<x>-->'.repeat(60)],
  ['CDATA with tags', '<![CDATA[<x>]]>'.repeat(60)],
])('a shallow document is accepted with many %s', (_, content) => {
  expect(parseStrictXml(`<r>${content}</r>`).accepted).toBe(true)
})

const ASSERTION = /<Assertion[\s\S]*<\/Assertion>/

test.each<[string, (text: string) => string, string]>([
  ['as it should be', (text) => text, 'no configured certificate verifies the signature'],
  [
    'whose assertion is not directly below it',
    (text) => text.replace(ASSERTION, (it) => `<p:Extensions>${it}</p:Extensions>`),
    'an assertion that is not directly below the response',
  ],
  [
    'with an unsigned assertion after the signed one',
    (text) => text.replace(ASSERTION, (it) => `${it}<Assertion xmlns="${SAML}" ID="_b" Version="2.0"/>`),
    'several assertions',
  ],
  [
    'with another signature in the assertion',
    (text) => text.replace('</Assertion>', `<Advice>${buildSignature()}</Advice></Assertion>`),
    'several signatures',
  ],
  // The library looks it up by an expression.
  ...['1a', 'a:b', "a'b", '', 'a'.repeat(257)].map((id): [string, (text: string) => string, string] => [
    `whose assertion has the ID ${id.slice(0, 5)}`,
    (text) => text.replaceAll('_a', id),
    'an assertion without ID',
  ]),
  [
    'whose assertion has the longest ID',
    (text) => text.replaceAll('_a', `a-.${'9'.repeat(253)}`),
    'no configured certificate verifies the signature',
  ],
  ['of another version', (text) => text.replace('Version="2.0"', 'Version="1.1"'), 'not a SAML 2.0 response'],
  [
    'with a processing instruction',
    (text) => text.replace('<p:Status>', '<?x?>$&'),
    'a processing instruction',
  ],
  ['with a comment after it', (text) => `${text}<!---->`, 'content outside the root element'],
])('an unsigned response %s is refused for the first reason', (_, change, detail) => {
  expect(openResponse(change(buildResponse('')), KEYS.slice(0, 1))).toEqual({
    accepted: false,
    refusal: { reason: 'failed', detail },
  })
})
