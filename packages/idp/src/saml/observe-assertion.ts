// Turns the text of a subject token into a SAML fact: decodes it, finds its issuer, verifies the signature, and reads
// only the signed element. Does not decide whether the assertion is acceptable.
import type { KeyObject } from 'node:crypto'

import { decodeUtf8 } from '@crosswalk/as-core'
import type { SamlFact, SamlIssuerDefinition } from '@crosswalk/protocol'

import type { XmlElement } from './dom.ts'
import { readAssertion, readIssuer, SAML } from './read-assertion.ts'
import { readSigningKeys } from './signing-certificate.ts'
import { attributeOf, isNamed, parseStrictXml } from './strict-xml.ts'
import { verifyEnvelopedSignature } from './verify-signature.ts'

export interface SamlIssuers {
  observe(token: string): SamlFact
}

type TrustedKeys = ReadonlyMap<string, readonly KeyObject[]>

/** @throws TypeError for an unusable certificate */
export function createSamlIssuers(
  issuers: readonly Pick<SamlIssuerDefinition, 'entityId' | 'certificates'>[],
): SamlIssuers {
  const keys: TrustedKeys = new Map(
    issuers.map(({ entityId, certificates }) => [entityId, readSigningKeys(certificates)]),
  )
  return { observe: (token) => observeAssertion(token, keys) }
}

function observeAssertion(token: string, trusted: TrustedKeys): SamlFact {
  const text = decode(token)
  if (text === undefined) return { state: 'unreadable', detail: 'not base64url of UTF-8 text' }
  const root = parseStrictXml(text)
  if (!root.accepted) return { state: 'unreadable', detail: root.refusal }
  if (!isAssertion(root.value)) return { state: 'unreadable', detail: 'not a SAML 2.0 assertion' }
  // Not trusted yet: it only selects the keys to try, and is read again from the signed text.
  const keys = trusted.get(readIssuer(root.value) ?? '')
  if (keys === undefined) return { state: 'unverified', detail: 'an issuer that is not configured' }
  const signed = verifyEnvelopedSignature(root.value, text, keys)
  if (!signed.accepted) return { state: 'unverified', detail: signed.refusal }
  return readSigned(signed.value.xml, signed.value.algorithm)
}

function readSigned(xml: string, algorithm: string): SamlFact {
  const root = parseStrictXml(xml)
  if (!root.accepted || !isAssertion(root.value))
    return { state: 'unverified', detail: 'what is signed is not an assertion' }
  const assertion = readAssertion(root.value)
  return assertion.accepted
    ? { state: 'verified', assertion: assertion.value, algorithm }
    : { state: 'unreadable', detail: assertion.refusal }
}

function isAssertion(root: XmlElement): boolean {
  return isNamed(root, SAML, 'Assertion') && attributeOf(root, 'Version') === '2.0'
}

/** RFC 8693 section 3: base64url; accepted with or without padding. */
function decode(token: string): string | undefined {
  if (!/^[\w-]+={0,2}$/.test(token)) return undefined
  return decodeUtf8(Buffer.from(token, 'base64url'))
}
