// Judges a SAML 2.0 assertion used as subject token in a token exchange. Its signature is verified before, and only the
// signed element is read; replay and the user it names are judged elsewhere.
import { findOwn } from '../values/find-own.ts'
import { type TokenFinding, isText } from '../finding.ts'
import type { EpochSeconds } from '../time.ts'

export const SAML_BEARER = 'urn:oasis:names:tc:SAML:2.0:cm:bearer'
export const SAML_TRANSIENT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient'

export interface SamlNameId {
  readonly value: string
  readonly format?: string | undefined
  readonly nameQualifier?: string | undefined
  readonly spNameQualifier?: string | undefined
}

export interface SamlConfirmation {
  readonly method: string
  readonly recipient?: string | undefined
  readonly notBefore?: EpochSeconds | undefined
  readonly notOnOrAfter?: EpochSeconds | undefined
  /** The request that it answers */
  readonly inResponseTo?: string | undefined
}

export interface SamlAuthnStatement {
  readonly instant: EpochSeconds
  readonly sessionNotOnOrAfter?: EpochSeconds | undefined
  readonly classRef?: string | undefined
}

/** The content of an assertion, from the signed element only. */
export interface SamlAssertion {
  readonly id: string
  readonly issuer: string
  readonly issueInstant: EpochSeconds
  readonly nameId?: SamlNameId | undefined
  readonly confirmations: readonly SamlConfirmation[]
  readonly notBefore?: EpochSeconds | undefined
  readonly notOnOrAfter?: EpochSeconds | undefined
  /** One list per AudienceRestriction; every one of them must be met */
  readonly audienceRestrictions: readonly (readonly string[])[]
  /** Names of conditions that this code does not understand */
  readonly unknownConditions: readonly string[]
  readonly authnStatements: readonly SamlAuthnStatement[]
}

export interface SamlExpectations {
  /** The entity id that the verifying certificate is configured for */
  readonly entityId: string
  /** Accepted recipients of bearer assertions */
  readonly recipients: readonly string[]
  /** Client ids by SP entity id */
  readonly audiences: Readonly<Record<string, string>>
  /** The authenticated client */
  readonly clientId: string
  readonly now: EpochSeconds
  readonly clockSkewSeconds: number
}

/**
 * Checks an assertion against the client that presents it.
 *
 * @returns one finding per check, in order of precedence; never throws
 * @see SAML core sections 2.3 to 2.7, SAML profiles section 4.1.4; requirements SAML-03 to SAML-06
 */
export function inspectSamlAssertion(
  assertion: SamlAssertion,
  expected: SamlExpectations,
): readonly TokenFinding[] {
  return [
    inspectIssuer(assertion, expected),
    inspectAudience(assertion, expected),
    inspectExpiry(assertion, expected),
    inspectStart(assertion, expected),
    inspectConditions(assertion),
    inspectConfirmation(assertion, expected),
    inspectStatement(assertion, expected),
    inspectSubject(assertion),
  ]
}

function inspectIssuer({ issuer }: SamlAssertion, { entityId }: SamlExpectations): TokenFinding {
  const finding: TokenFinding = { id: 'subject_token.issuer', expected: entityId, actual: issuer }
  return issuer === entityId ? finding : { ...finding, code: 'XAA1209' }
}

/** Each restriction must name a service provider that is mapped to this client (SAML-03). */
function inspectAudience(
  { audienceRestrictions }: SamlAssertion,
  { audiences, clientId }: SamlExpectations,
): TokenFinding {
  const finding: TokenFinding = {
    id: 'subject_token.audience',
    expected: `an audience mapped to ${clientId}`,
    actual: audienceRestrictions,
  }
  const isMapped = (audience: string) => findOwn(audiences, audience) === clientId
  const met = audienceRestrictions.length > 0 && audienceRestrictions.every((names) => names.some(isMapped))
  return met ? finding : { ...finding, code: 'XAA1207' }
}

function inspectExpiry(
  { notOnOrAfter }: SamlAssertion,
  { now, clockSkewSeconds }: SamlExpectations,
): TokenFinding {
  const id = 'subject_token.expiry'
  return notOnOrAfter !== undefined && notOnOrAfter <= now - clockSkewSeconds
    ? { id, code: 'XAA1202', expected: `NotOnOrAfter after ${now - clockSkewSeconds}`, actual: notOnOrAfter }
    : { id }
}

function inspectStart(
  { notBefore, issueInstant }: SamlAssertion,
  { now, clockSkewSeconds }: SamlExpectations,
): TokenFinding {
  const id = 'subject_token.start'
  const validFrom = Math.max(issueInstant, notBefore ?? issueInstant)
  return validFrom > now + clockSkewSeconds
    ? {
        id,
        code: 'XAA1206',
        expected: `NotBefore and IssueInstant up to ${now + clockSkewSeconds}`,
        actual: validFrom,
      }
    : { id }
}

/** An unknown condition makes the assertion's validity unknown (SAML core section 2.5.1.1). */
function inspectConditions({ unknownConditions }: SamlAssertion): TokenFinding {
  const id = 'subject_token.conditions'
  return unknownConditions.length === 0
    ? { id }
    : { id, code: 'XAA1209', expected: 'conditions known here', actual: unknownConditions }
}

/** One bearer confirmation must be valid: for this recipient, and not expired (SAML profiles section 4.1.4.2). */
function inspectConfirmation({ confirmations }: SamlAssertion, expected: SamlExpectations): TokenFinding {
  const id = 'subject_token.confirmation'
  const bearer = confirmations.filter(({ method }) => method === SAML_BEARER)
  const delivered = bearer.filter(
    ({ recipient, notBefore, notOnOrAfter }) =>
      recipient !== undefined &&
      expected.recipients.includes(recipient) &&
      notOnOrAfter !== undefined &&
      notBefore === undefined,
  )
  if (delivered.length === 0)
    return {
      id,
      code: 'XAA1209',
      expected: `a bearer confirmation with NotOnOrAfter for ${expected.recipients.join(' or ')}`,
      actual: confirmations,
    }
  const oldest = expected.now - expected.clockSkewSeconds
  return delivered.some(({ notOnOrAfter }) => Number(notOnOrAfter) > oldest)
    ? { id }
    : { id, code: 'XAA1202', expected: `NotOnOrAfter after ${oldest}`, actual: delivered }
}

/** It must state exactly one sign-in; otherwise it is an assertion for another purpose (SAML-05). */
function inspectStatement(
  { authnStatements }: SamlAssertion,
  { now, clockSkewSeconds }: SamlExpectations,
): TokenFinding {
  const id = 'subject_token.statement'
  const [statement, ...more] = authnStatements
  if (statement === undefined || more.length > 0)
    return { id, code: 'XAA1209', expected: 'one AuthnStatement', actual: authnStatements.length }
  const { instant, sessionNotOnOrAfter } = statement
  if (instant > now + clockSkewSeconds)
    return { id, code: 'XAA1206', expected: `AuthnInstant up to ${now + clockSkewSeconds}`, actual: instant }
  return sessionNotOnOrAfter !== undefined && sessionNotOnOrAfter <= now - clockSkewSeconds
    ? { id, code: 'XAA1205', expected: 'a live session', actual: sessionNotOnOrAfter }
    : { id }
}

/** A name for one session only cannot identify an account (SAML-12). */
function inspectSubject({ nameId }: SamlAssertion): TokenFinding {
  const id = 'subject_token.subject'
  if (!isText(nameId?.value, 255))
    return { id, code: 'XAA1209', expected: 'a NameID of 1 to 255 characters', actual: typeof nameId?.value }
  return nameId?.format === SAML_TRANSIENT
    ? { id, code: 'XAA1209', expected: 'a NameID that is not transient', actual: nameId.format }
    : { id }
}

/** When the assertion expires, without skew; Infinity if it states no end. */
export function findSamlEnd({ notOnOrAfter, confirmations }: SamlAssertion): EpochSeconds {
  const delivered = Math.max(...confirmations.map((one) => one.notOnOrAfter ?? Number.NEGATIVE_INFINITY))
  return Math.min(notOnOrAfter ?? Number.POSITIVE_INFINITY, delivered)
}
