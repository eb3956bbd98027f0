// An assertion altered after signing causes no fault, is never read as another, and costs little.
import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import { SignedXml } from 'xml-crypto'

import { createSamlIssuers } from '../../../packages/idp/src/saml/observe-assertion.ts'
import { buildAssertion, createSamlKey, SAML_ISSUER, sign } from '../support/saml.ts'

const ODD = [
  '<!DOCTYPE a [<!ENTITY b "carol">]>',
  '&b;',
  '&#0;',
  '&#x61;',
  '<!-- carol -->',
  '<![CDATA[carol]]>',
  '<?xml version="1.1"?>',
  '<saml:NameID>carol</saml:NameID>',
  ' xmlns:saml="urn:x"',
  ' ID="x"',
  '</saml:Assertion>',
  '<a/>',
  '\u0000',
  '\u{1F600}',
  'carol',
  '<',
  '"',
]

interface Bending {
  readonly how: 'cut' | 'drop' | 'double' | 'move' | 'insert' | 'replace' | 'flip'
  readonly at: number
  readonly length: number
  readonly odd: string
}

/** Replaces part of the text; offsets are taken modulo its length. */
function bend(text: string, { how, at, length, odd }: Bending): string {
  const from = at % text.length
  const [before, piece, after] = [
    text.slice(0, from),
    text.slice(from, from + length),
    text.slice(from + length),
  ]
  switch (how) {
    case 'cut':
      return before
    case 'drop':
      return before + after
    case 'double':
      return before + piece + piece + after
    case 'move':
      return before + after + piece
    case 'insert':
      return before + odd + piece + after
    case 'replace':
      return before + odd + after
    case 'flip':
      return before + (piece.startsWith('a') ? 'b' : 'a') + piece.slice(1) + after
  }
}

const bending = fc.record({
  how: fc.constantFrom('cut', 'drop', 'double', 'move', 'insert', 'replace', 'flip'),
  at: fc.nat(10_000),
  length: fc.oneof(fc.nat(8), fc.nat(600)),
  odd: fc.oneof(fc.constantFrom(...ODD), fc.string({ unit: 'binary', maxLength: 20 })),
})

it('an assertion altered after signing causes no fault and stands for no other user (SAML-04)', async () => {
  const key = await createSamlKey()
  const { observe } = createSamlIssuers([{ entityId: SAML_ISSUER, certificates: [key.certificate] }])
  const signed = sign(buildAssertion({ now: 1_800_000_000, recipient: 'https://idp.test/token' }), key)
  const encode = (text: string) => Buffer.from(text).toString('base64url')
  const original = observe(encode(signed))
  expect(original.state).toBe('verified')
  const counts = { verified: 0, unverified: 0, unreadable: 0 }
  fc.assert(
    fc.property(fc.array(bending, { maxLength: 3 }), (bendings) => {
      const fact = observe(encode(bendings.reduce(bend, signed)))
      counts[fact.state] += 1
      if (fact.state === 'verified') expect(fact).toEqual(original)
    }),
    { numRuns: 1000 },
  )
  // Enough of each get far enough to be meaningful.
  for (const [state, count] of Object.entries(counts)) expect(count, state).toBeGreaterThan(20)
})

it('the library, whose search costs a tenth of a second, never sees a document altered after signing', async () => {
  const key = await createSamlKey()
  const { observe } = createSamlIssuers([{ entityId: SAML_ISSUER, certificates: [key.certificate] }])
  const signed = sign(buildAssertion({ now: 1_800_000_000, recipient: 'https://idp.test/token' }), key)
  const observeText = (text: string) => observe(Buffer.from(text).toString('base64url'))
  const check = vi.spyOn(SignedXml.prototype, 'checkSignature')
  try {
    expect(observeText(signed.replace(/<ds:DigestValue>/, '$&\n')).state).toBe('unverified')
    const longer = signed.replace('</saml:Assertion>', `${'<a/>'.repeat(4800)}$&`)
    expect(observeText(longer)).toEqual({
      state: 'unverified',
      detail: 'no configured certificate verifies the signature',
    })
    expect(check.mock.calls.length).toBe(0)
    expect(observeText(signed).state).toBe('verified')
    expect(check.mock.calls.length).toBe(1)
  } finally {
    check.mockRestore()
  }
})
