// Reads the parts of a SAML assertion that the evaluator needs. Expects the signed text; checks only its structure.
import {
  accept,
  refuse,
  type Result,
  type SamlAssertion,
  type SamlAuthnStatement,
  type SamlConfirmation,
  type SamlNameId,
} from '@crosswalk/protocol'

import type { XmlElement } from './dom.ts'
import { attributeOf, childrenOf, elementsOf, isNamed, textOf } from './strict-xml.ts'

export const SAML = 'urn:oasis:names:tc:SAML:2.0:assertion'

/** Thrown and caught only here, because passing it up through the deep structure would be unreadable. */
class StructureFault extends Error {}

/**
 * Reads a signed assertion.
 *
 * @returns its content, or how its structure deviates from SAML core section 2
 */
export function readAssertion(root: XmlElement): Result<SamlAssertion, string> {
  try {
    return accept(read(root))
  } catch (error) {
    if (error instanceof StructureFault) return refuse(error.message)
    throw error
  }
}

function read(root: XmlElement): SamlAssertion {
  const subject = atMostOne(root, 'Subject')
  const conditions = atMostOne(root, 'Conditions')
  return {
    id: required(attributeOf(root, 'ID'), 'ID'),
    issuer: required(readIssuer(root), 'Issuer'),
    issueInstant: required(readMoment(root, 'IssueInstant'), 'IssueInstant'),
    nameId: subject === undefined ? undefined : readNameId(subject),
    confirmations:
      subject === undefined ? [] : childrenOf(subject, SAML, 'SubjectConfirmation').map(readConfirmation),
    ...(conditions === undefined ? NO_CONDITIONS : readConditions(conditions)),
    authnStatements: childrenOf(root, SAML, 'AuthnStatement').map(readStatement),
  }
}

/** Exact text: an entity id has no surrounding white space. */
export function readIssuer(root: XmlElement): string | undefined {
  const [issuer, ...more] = childrenOf(root, SAML, 'Issuer')
  return issuer === undefined || more.length > 0 ? undefined : textOf(issuer)
}

function readNameId(subject: XmlElement): SamlNameId | undefined {
  const element = atMostOne(subject, 'NameID')
  const value = element === undefined ? undefined : textOf(element)
  if (element === undefined || value === undefined) return undefined
  return {
    value,
    format: attributeOf(element, 'Format'),
    nameQualifier: attributeOf(element, 'NameQualifier'),
    spNameQualifier: attributeOf(element, 'SPNameQualifier'),
  }
}

function readConfirmation(element: XmlElement): SamlConfirmation {
  const method = required(attributeOf(element, 'Method'), 'Method of SubjectConfirmation')
  const data = atMostOne(element, 'SubjectConfirmationData')
  if (data === undefined) return { method }
  return {
    method,
    recipient: attributeOf(data, 'Recipient'),
    notBefore: readMoment(data, 'NotBefore'),
    notOnOrAfter: readMoment(data, 'NotOnOrAfter'),
    inResponseTo: attributeOf(data, 'InResponseTo'),
  }
}

type Conditions = Pick<
  SamlAssertion,
  'notBefore' | 'notOnOrAfter' | 'audienceRestrictions' | 'unknownConditions'
>

const NO_CONDITIONS: Conditions = { audienceRestrictions: [], unknownConditions: [] }

function readConditions(element: XmlElement): Conditions {
  return {
    notBefore: readMoment(element, 'NotBefore'),
    notOnOrAfter: readMoment(element, 'NotOnOrAfter'),
    audienceRestrictions: childrenOf(element, SAML, 'AudienceRestriction').map((restriction) =>
      childrenOf(restriction, SAML, 'Audience').map((audience) =>
        required(textOf(audience), 'text of Audience'),
      ),
    ),
    // All assertions here are single-use, so OneTimeUse is a known condition.
    unknownConditions: elementsOf(element)
      .filter((one) => !isNamed(one, SAML, 'AudienceRestriction') && !isNamed(one, SAML, 'OneTimeUse'))
      .map(({ localName }) => localName),
  }
}

function readStatement(element: XmlElement): SamlAuthnStatement {
  const context = atMostOne(element, 'AuthnContext')
  const classRef = context === undefined ? undefined : atMostOne(context, 'AuthnContextClassRef')
  return {
    instant: required(readMoment(element, 'AuthnInstant'), 'AuthnInstant'),
    sessionNotOnOrAfter: readMoment(element, 'SessionNotOnOrAfter'),
    classRef: classRef === undefined ? undefined : textOf(classRef)?.trim(),
  }
}

export interface SamlAttribute {
  readonly name: string
  readonly friendlyName: string | undefined
  /** Without values that are not text. */
  readonly values: readonly string[]
}

export function readAttributes(root: XmlElement): readonly SamlAttribute[] {
  const attributes = childrenOf(root, SAML, 'AttributeStatement').flatMap((statement) =>
    childrenOf(statement, SAML, 'Attribute'),
  )
  return attributes.flatMap((attribute) => {
    const name = attributeOf(attribute, 'Name')
    if (name === undefined) return []
    const values = childrenOf(attribute, SAML, 'AttributeValue').flatMap((value) => textOf(value) ?? [])
    return { name, friendlyName: attributeOf(attribute, 'FriendlyName'), values }
  })
}

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/

/** In UTC, as SAML core section 1.3.3 requires; an invalid time is a fault, never treated as absent. */
function readMoment(element: XmlElement, name: string): number | undefined {
  const text = attributeOf(element, name)
  if (text === undefined) return undefined
  const ms = MOMENT.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(ms) || !isDay(text.slice(0, 10)))
    throw new StructureFault(`${name} that is not a time in UTC`)
  return ms / 1000
}

/** `Date` reads 30 February as 2 March. */
function isDay(date: string): boolean {
  return new Date(date).toISOString().startsWith(date)
}

function atMostOne(parent: XmlElement, name: string): XmlElement | undefined {
  const [only, ...more] = childrenOf(parent, SAML, name)
  if (more.length > 0) throw new StructureFault(`several ${name}`)
  return only
}

function required<T>(value: T | undefined, name: string): T {
  if (value === undefined || value === '') throw new StructureFault(`no ${name}`)
  return value
}
