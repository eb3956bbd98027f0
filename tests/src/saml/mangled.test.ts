// Property: an assertion altered after signing never causes a server error, and never stands for any user but the one it was signed for.
import { decodeJwt } from 'jose'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { AGENT, company, TODO } from '../support/company.ts'
import { buildAssertion, createSamlKey, exchangeAssertion, SAML_ISSUER, sign, SP } from '../support/saml.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let signed: () => string

beforeAll(async () => {
  const key = await createSamlKey()
  const issuer = {
    entityId: SAML_ISSUER,
    certificates: [key.certificate],
    audiences: { [SP]: AGENT.id },
    nameId: 'username',
  }
  server = await startTestServer({
    file: (baseUrl) => {
      const file = company(baseUrl)
      return { ...file, idp: { ...(file.idp as object), saml: { issuers: [issuer] } } }
    },
  })
  const now = Math.floor(Date.now() / 1000)
  signed = () => sign(buildAssertion({ now, recipient: `${server.baseUrl}/token` }), key)
})
afterAll(() => server.stop())

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

it('an assertion altered after signing causes no server error and stands for no other user (SAML-04)', async () => {
  const outcomes = new Map<string, number>()
  await fc.assert(
    fc.asyncProperty(fc.array(bending, { maxLength: 3 }), async (bendings) => {
      const { status, body } = await exchangeAssertion(server.baseUrl, bendings.reduce(bend, signed()), {
        resource: TODO,
      })
      const outcome = status === 200 ? 'granted' : String(body.error)
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
      expect(status).toBeLessThan(500)
      if (status === 200) expect(decodeJwt(String(body.access_token)).sub).toBe('usr_alice')
      else expect(['invalid_grant', 'invalid_request']).toContain(body.error)
    }),
    { numRuns: 1000 },
  )
  expect(server.log).toEqual([])
  // Positive control: unaltered ones are accepted, and enough others get far enough to be meaningful.
  for (const outcome of ['granted', 'invalid_grant'])
    expect(outcomes.get(outcome) ?? 0, outcome).toBeGreaterThan(20)
})
