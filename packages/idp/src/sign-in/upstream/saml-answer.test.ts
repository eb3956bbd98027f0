import { SAML_BEARER, type SamlAssertion, type SamlConfirmation } from '@crosswalk/protocol'
import { describe, expect, it } from 'vitest'

import { findSamlAnswerProblem, type SamlQuestion } from './saml-answer.ts'

const TRANSIENT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient'
const NOW = 1_800_000_000
const QUESTION: SamlQuestion = {
  entityId: 'https://corp.test/saml',
  ownEntityId: 'https://idp.acme.test/sign-in/upstream/corp/metadata',
  acsUrl: 'https://idp.acme.test/sign-in/upstream/corp',
  requestId: '_request',
  now: NOW,
}

const CONFIRMATION: SamlConfirmation = {
  method: SAML_BEARER,
  recipient: QUESTION.acsUrl,
  notOnOrAfter: NOW + 60,
  inResponseTo: QUESTION.requestId,
}

const ASSERTION: SamlAssertion = {
  id: '_1',
  issuer: QUESTION.entityId,
  issueInstant: NOW,
  nameId: { value: 'alice' },
  confirmations: [CONFIRMATION],
  notOnOrAfter: NOW + 60,
  audienceRestrictions: [[QUESTION.ownEntityId]],
  unknownConditions: [],
  authnStatements: [{ instant: NOW - 100 }],
}

const confirmedBy = (change: Partial<SamlConfirmation>): Partial<SamlAssertion> => ({
  confirmations: [{ ...CONFIRMATION, ...change }],
})
const signedInAt = (instant: number): Partial<SamlAssertion> => ({ authnStatements: [{ instant }] })

describe('an assertion', () => {
  it.each<[string, Partial<SamlAssertion>, Partial<SamlQuestion>]>([
    ['that is valid', {}, {}],
    ['at the end of its lifetime, including skew', { notOnOrAfter: NOW - 29 }, {}],
    [
      'with another confirmation in addition to ours',
      { confirmations: [{ method: 'other' }, CONFIRMATION] },
      {},
    ],
    ['of a sign-in that is recent enough', signedInAt(NOW - 130), { notBefore: NOW - 100 }],
  ])('%s is accepted', (_, change, asked) => {
    expect(findSamlAnswerProblem({ ...ASSERTION, ...change }, { ...QUESTION, ...asked })).toBeUndefined()
  })

  it.each<[string, Partial<SamlAssertion>, RegExp, Partial<SamlQuestion>?]>([
    ['of another issuer', { issuer: 'https://other.test' }, /issuer should be "https:\/\/corp/],
    [
      'for another service provider',
      { audienceRestrictions: [['https://other.test']] },
      /audience should be/,
    ],
    ['without an audience', { audienceRestrictions: [] }, /audience should be/],
    ['that expired', { notOnOrAfter: NOW - 30 }, /expiry should be .*, not 1799999970$/],
    ['from the future', { notBefore: NOW + 31 }, /start should be/],
    ['with an unknown condition', { unknownConditions: ['Weather'] }, /conditions should be/],
    ['delivered elsewhere', confirmedBy({ recipient: 'https://other.test' }), /confirmation should be/],
    ['not confirmed by bearer', confirmedBy({ method: 'holder-of-key' }), /confirmation should be/],
    ['confirmed until before now', confirmedBy({ notOnOrAfter: NOW - 30 }), /confirmation should be/],
    ['that answers another request', confirmedBy({ inResponseTo: '_other' }), /answers another request/],
    [
      'that answers our request for another recipient only',
      {
        confirmations: [
          { ...CONFIRMATION, inResponseTo: '_other' },
          { ...CONFIRMATION, recipient: 'https://other.test' },
        ],
      },
      /answers another request/,
    ],
    ['that was not requested', confirmedBy({ inResponseTo: undefined }), /answers another request/],
    ['without a sign-in', { authnStatements: [] }, /statement should be/],
    ['with a transient name', { nameId: { value: 'x', format: TRANSIENT } }, /subject should be/],
    ['of an older sign-in', signedInAt(NOW - 131), /did not sign in again/, { notBefore: NOW - 100 }],
  ])('%s is refused', (_, change, problem, asked = {}) => {
    expect(findSamlAnswerProblem({ ...ASSERTION, ...change }, { ...QUESTION, ...asked })).toMatch(problem)
  })

  it('is reported without its user data', () => {
    const transient = { ...ASSERTION, nameId: { value: 'alice@acme.test', format: TRANSIENT } }
    expect(findSamlAnswerProblem(transient, QUESTION)).not.toContain('alice')
  })
})
