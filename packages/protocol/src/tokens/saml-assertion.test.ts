import { describe, expect, test } from 'vitest'

import {
  findSamlEnd,
  inspectSamlAssertion,
  SAML_BEARER,
  SAML_TRANSIENT,
  type SamlAssertion,
  type SamlConfirmation,
} from './saml-assertion.ts'

const NOW = 1_800_000_000
const SKEW = 30
const expected = {
  entityId: 'https://saml.test',
  recipients: ['https://idp.test/token', 'https://app.test/acs'],
  audiences: { 'https://sp.test': 'agent0', 'https://other.test': 'other' },
  clientId: 'agent0',
  now: NOW,
  clockSkewSeconds: SKEW,
}
const bearer: SamlConfirmation = {
  method: SAML_BEARER,
  recipient: 'https://idp.test/token',
  notOnOrAfter: NOW + 60,
}
const assertion: SamlAssertion = {
  id: '_1',
  issuer: 'https://saml.test',
  issueInstant: NOW,
  nameId: { value: 'alice' },
  confirmations: [bearer],
  notOnOrAfter: NOW + 60,
  audienceRestrictions: [['https://sp.test']],
  unknownConditions: [],
  authnStatements: [{ instant: NOW - 10 }],
}

const firstCode = (change: Partial<SamlAssertion>) =>
  inspectSamlAssertion({ ...assertion, ...change }, expected).find(({ code }) => code !== undefined)

describe('accepted', () => {
  test.each<[string, Partial<SamlAssertion>]>([
    ['valid', {}],
    [
      'SAML-03: with further audiences besides the mapped one',
      { audienceRestrictions: [['x', 'https://sp.test']] },
    ],
    ['expired within the skew', { notOnOrAfter: NOW - SKEW + 1 }],
    ['starting within the skew', { notBefore: NOW + SKEW, issueInstant: NOW + SKEW }],
    ['without its own end', { notOnOrAfter: undefined }],
    ['for another listed recipient', { confirmations: [{ ...bearer, recipient: 'https://app.test/acs' }] }],
    ['one valid confirmation of several', { confirmations: [{ method: 'x' }, bearer] }],
    [
      'a confirmation that expired within the skew',
      { confirmations: [{ ...bearer, notOnOrAfter: NOW - SKEW + 1 }] },
    ],
    [
      'a session that ended within the skew',
      { authnStatements: [{ instant: NOW, sessionNotOnOrAfter: NOW - SKEW + 1 }] },
    ],
    ['a name of the maximum length', { nameId: { value: 'a'.repeat(255) } }],
  ])('%s', (_, change) => {
    expect(firstCode(change)).toBeUndefined()
  })
})

describe('refused', () => {
  const at = (id: string, code: string) => ({ id: `subject_token.${id}`, code })
  test.each<[string, Partial<SamlAssertion>, { id: string; code: string }]>([
    ['of another issuer', { issuer: 'https://saml.test/' }, at('issuer', 'XAA1209')],
    [
      'SAML-03: of another app',
      { audienceRestrictions: [['https://other.test']] },
      at('audience', 'XAA1207'),
    ],
    ['SAML-03: without an audience', { audienceRestrictions: [] }, at('audience', 'XAA1207')],
    [
      'SAML-03: with an audience named like a member of every object',
      { audienceRestrictions: [['toString']] },
      at('audience', 'XAA1207'),
    ],
    [
      'SAML-03: one of several restrictions not met',
      { audienceRestrictions: [['https://sp.test'], ['https://other.test']] },
      at('audience', 'XAA1207'),
    ],
    ['over', { notOnOrAfter: NOW - SKEW }, at('expiry', 'XAA1202')],
    ['not yet valid', { notBefore: NOW + SKEW + 1 }, at('start', 'XAA1206')],
    ['issued in the future', { issueInstant: NOW + SKEW + 1 }, at('start', 'XAA1206')],
    [
      'with a condition unknown here',
      { unknownConditions: ['ProxyRestriction'] },
      at('conditions', 'XAA1209'),
    ],
    ['without confirmation', { confirmations: [] }, at('confirmation', 'XAA1209')],
    [
      'for no recipient',
      { confirmations: [{ ...bearer, recipient: undefined }] },
      at('confirmation', 'XAA1209'),
    ],
    [
      'for another recipient',
      { confirmations: [{ ...bearer, recipient: 'https://idp.test' }] },
      at('confirmation', 'XAA1209'),
    ],
    [
      'whose confirmation has no end',
      { confirmations: [{ ...bearer, notOnOrAfter: undefined }] },
      at('confirmation', 'XAA1209'),
    ],
    [
      'whose confirmation has a beginning',
      { confirmations: [{ ...bearer, notBefore: NOW }] },
      at('confirmation', 'XAA1209'),
    ],
    [
      'whose confirmation has expired',
      { confirmations: [{ ...bearer, notOnOrAfter: NOW - SKEW }] },
      at('confirmation', 'XAA1202'),
    ],
    ['SAML-05: without sign-in', { authnStatements: [] }, at('statement', 'XAA1209')],
    [
      'SAML-05: with two sign-ins',
      { authnStatements: [{ instant: NOW }, { instant: NOW }] },
      at('statement', 'XAA1209'),
    ],
    [
      'of a sign-in in the future',
      { authnStatements: [{ instant: NOW + SKEW + 1 }] },
      at('statement', 'XAA1206'),
    ],
    [
      'of a session that has ended',
      { authnStatements: [{ instant: NOW, sessionNotOnOrAfter: NOW - SKEW }] },
      at('statement', 'XAA1205'),
    ],
    ['without name', { nameId: undefined }, at('subject', 'XAA1209')],
    ['with a name too long', { nameId: { value: 'a'.repeat(256) } }, at('subject', 'XAA1209')],
    [
      'SAML-12: with a transient name',
      { nameId: { value: 'a', format: SAML_TRANSIENT } },
      at('subject', 'XAA1209'),
    ],
  ])('%s', (_, change, cause) => {
    expect(firstCode(change)).toMatchObject(cause)
  })
})

test('an assertion expires at the first of its conditions and its last confirmation', () => {
  expect(findSamlEnd(assertion)).toBe(NOW + 60)
  const longer = { ...bearer, notOnOrAfter: NOW + 90 }
  expect(findSamlEnd({ ...assertion, confirmations: [bearer, longer], notOnOrAfter: undefined })).toBe(
    NOW + 90,
  )
  expect(findSamlEnd({ ...assertion, confirmations: [longer], notOnOrAfter: NOW + 10 })).toBe(NOW + 10)
})
