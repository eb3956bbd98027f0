// Extracts the single assertion from a SAML response and verifies it, by its own signature or by that of the response.
// The response itself is trusted only if it reports a failure.
import type { KeyObject } from 'node:crypto'

import { accept, refuse, type Result, type SamlAssertion } from '@crosswalk/protocol'

import { type XmlElement, loadDom } from './dom.ts'
import { readAssertion, readAttributes, SAML, type SamlAttribute } from './read-assertion.ts'
import { attributeOf, childrenOf, isNamed, parseStrictXml, walk } from './strict-xml.ts'
import { DSIG, verifyEnvelopedSignature } from './verify-signature.ts'

const SAMLP = 'urn:oasis:names:tc:SAML:2.0:protocol'
const XMLNS = 'http://www.w3.org/2000/xmlns/'
const SUCCESS = 'urn:oasis:names:tc:SAML:2.0:status:Success'

export interface OpenedResponse {
  readonly assertion: SamlAssertion
  readonly attributes: readonly SamlAttribute[]
}

/** `declined`: the identity provider reports that it did not sign in the user. */
export type ResponseRefusal =
  | { readonly reason: 'declined'; readonly error: string }
  | { readonly reason: 'failed'; readonly detail: string }

/**
 * Opens a response.
 *
 * @param text - the XML of a `samlp:Response`
 * @param keys - the signing keys of its sender
 * @returns the signed assertion; other code judges it
 * @see SAML core section 3.3.3, SAML profiles section 4.1.4.2
 */
export function openResponse(
  text: string,
  keys: readonly KeyObject[],
): Result<OpenedResponse, ResponseRefusal> {
  const root = parseStrictXml(text)
  if (!root.accepted) return fail(root.refusal)
  if (!isNamed(root.value, SAMLP, 'Response') || attributeOf(root.value, 'Version') !== '2.0')
    return fail('not a SAML 2.0 response')
  const failure = readFailure(root.value)
  if (failure !== undefined) return refuse({ reason: 'declined', error: failure })
  const assertion = findAssertion(root.value)
  if (!assertion.accepted) return fail(assertion.refusal)
  const signed = verify(root.value, { assertion: assertion.value, text, keys })
  if (!signed.accepted) return fail(signed.refusal)
  const read = readAssertion(signed.value)
  return read.accepted
    ? accept({ assertion: read.value, attributes: readAttributes(signed.value) })
    : fail(read.refusal)
}

function fail(detail: string): Result<never, ResponseRefusal> {
  return refuse({ reason: 'failed', detail })
}

/**
 * @returns undefined for a success, which only the top-level status code states; otherwise the status code inside it,
 * which is more specific than the side that failed (SAML core section 3.2.2.2)
 */
function readFailure(root: XmlElement): string | undefined {
  const [status] = childrenOf(root, SAMLP, 'Status')
  const [outer] = status === undefined ? [] : childrenOf(status, SAMLP, 'StatusCode')
  const [inner] = outer === undefined ? [] : childrenOf(outer, SAMLP, 'StatusCode')
  const value = outer === undefined ? undefined : attributeOf(outer, 'Value')
  if (value === SUCCESS) return undefined
  return (inner === undefined ? undefined : attributeOf(inner, 'Value')) ?? value ?? 'no status'
}

/** The only assertion in the document, directly below the response, so that nothing else can be mistaken for it. */
function findAssertion(root: XmlElement): Result<XmlElement, string> {
  const all = walk(root)
  if (all.some((element) => isNamed(element, SAML, 'EncryptedAssertion')))
    return refuse('an encrypted assertion, which is not supported')
  const [assertion, ...more] = all.filter((element) => isNamed(element, SAML, 'Assertion'))
  if (assertion === undefined) return refuse('no assertion')
  if (more.length > 0) return refuse('several assertions')
  return assertion.parentNode === root
    ? accept(assertion)
    : refuse('an assertion that is not directly below the response')
}

interface Parts {
  readonly assertion: XmlElement
  readonly text: string
  readonly keys: readonly KeyObject[]
}

/** @returns the assertion, parsed again from the signed text */
function verify(root: XmlElement, { assertion, text, keys }: Parts): Result<XmlElement, string> {
  if (childrenOf(assertion, DSIG, 'Signature').length > 0) {
    const alone = standAlone(assertion, root)
    const parsed = parseStrictXml(alone)
    if (!parsed.accepted) return parsed
    const signed = verifyEnvelopedSignature(parsed.value, alone, keys)
    return signed.accepted ? parseStrictXml(signed.value.xml) : signed
  }
  const signed = verifyEnvelopedSignature(root, text, keys)
  if (!signed.accepted) return signed
  const parsed = parseStrictXml(signed.value.xml)
  return parsed.accepted ? findAssertion(parsed.value) : parsed
}

/**
 * Makes the assertion a separate document, so that its signature is verified like that of any assertion. Its exclusive
 * canonical form does not depend on its context, except for namespaces declared there.
 */
function standAlone(assertion: XmlElement, root: XmlElement): string {
  for (const { name, value } of Array.from(root.attributes)) {
    const declares = name === 'xmlns' || name.startsWith('xmlns:')
    if (declares && !assertion.hasAttribute(name)) assertion.setAttributeNS(XMLNS, name, value)
  }
  return new (loadDom().XMLSerializer)().serializeToString(assertion)
}
