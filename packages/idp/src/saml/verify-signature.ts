// Verifies the enveloped signature of a SAML assertion and returns the signed canonical text, never the received
// document. Checks the structure first, so that there is only one interpretation of what the signature covers.
import type { KeyObject } from 'node:crypto'
import { createRequire } from 'node:module'

import { accept, refuse, type Result } from '@crosswalk/protocol'
import type * as XmlCrypto from 'xml-crypto'

import type { XmlElement } from './dom.ts'
import { buildSignatureAlgorithms, isSignatureAlgorithm } from './signature-algorithms.ts'
import { attributeOf, childrenOf, elementsOf, hasComment, isNamed, walk } from './strict-xml.ts'

const require = createRequire(import.meta.url)

export const DSIG = 'http://www.w3.org/2000/09/xmldsig#'
const ENVELOPED = `${DSIG}enveloped-signature`
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const DIGESTS: readonly string[] = [
  'http://www.w3.org/2001/04/xmlenc#sha256',
  'http://www.w3.org/2001/04/xmlenc#sha512',
]
const NCNAME = /^[A-Za-z_][\w.-]{0,255}$/
const ID_ATTRIBUTES: readonly string[] = ['id', 'xml:id']
/** SignedInfo has about ten elements, with a few hundred characters in their attributes. */
const MAX_SIGNED_INFO = { elements: 30, attributeCharacters: 4096 } as const

const NOT_VERIFIED = 'no configured certificate verifies the signature'

export interface SignedText {
  /** Canonical XML of the signed element without its signature */
  readonly xml: string
  readonly algorithm: string
}

/**
 * Verifies the signature over a root element with one of the keys.
 *
 * @param text - the document that `root` was parsed from
 * @returns the canonical text of the root, or why it is not trusted
 * @see SAML core section 5.4
 */
export function verifyEnvelopedSignature(
  root: XmlElement,
  text: string,
  keys: readonly KeyObject[],
): Result<SignedText, string> {
  const signature = findSignature(root)
  if (!signature.accepted) return signature
  const algorithm = checkShape(signature.value, root)
  if (!algorithm.accepted) return algorithm
  const signers = findSigners(signature.value, algorithm.value, keys)
  if (signers.length > 0 && !isDigestOf(root, signature.value)) return refuse(NOT_VERIFIED)
  for (const key of signers) {
    const xml = verifyBy(key, signature.value, text)
    if (xml !== undefined) return accept({ xml, algorithm: algorithm.value })
  }
  return refuse(NOT_VERIFIED)
}

/** The only signature of the document, directly below the root, so that it cannot cover anything else. */
function findSignature(root: XmlElement): Result<XmlElement, string> {
  const all = walk(root).filter((element) => isNamed(element, DSIG, 'Signature'))
  const [signature, ...more] = all
  if (signature === undefined) return refuse('no signature')
  if (more.length > 0) return refuse('several signatures')
  return signature.parentNode === root ? accept(signature) : refuse('a signature below the assertion')
}

/** @returns the signature algorithm */
function checkShape(signature: XmlElement, root: XmlElement): Result<string, string> {
  const id = attributeOf(root, 'ID')
  if (id === undefined || !NCNAME.test(id)) return refuse('an assertion without ID')
  const ids = idsOf(root)
  if (new Set(ids).size !== ids.length) return refuse('a duplicate ID')
  const [signedInfo, ...otherInfos] = childrenOf(signature, DSIG, 'SignedInfo')
  if (signedInfo === undefined || otherInfos.length > 0) return refuse('not one SignedInfo')
  if (isOversized(walk(signedInfo))) return refuse('an oversized SignedInfo')
  if (walk(signature).some(hasComment)) return refuse('a comment in the signature')
  if (childrenOf(signature, DSIG, 'Object').length > 0) return refuse('an Object in the signature')
  const reference = checkReference(signedInfo, id)
  if (!reference.accepted) return reference
  if (algorithmOf(signedInfo, 'CanonicalizationMethod') !== EXCLUSIVE)
    return refuse('canonicalization other than exclusive')
  const algorithm = algorithmOf(signedInfo, 'SignatureMethod')
  return algorithm !== undefined && isSignatureAlgorithm(algorithm)
    ? accept(algorithm)
    : refuse(`signature algorithm ${algorithm ?? 'missing'}`)
}

/** SignedInfo is canonicalized before anything is verified, at a cost that grows with elements times namespaces. */
function isOversized(elements: readonly XmlElement[]): boolean {
  const attributes = elements.flatMap((element) => Array.from(element.attributes))
  const characters = attributes.reduce((sum, { name, value }) => sum + name.length + value.length, 0)
  return elements.length > MAX_SIGNED_INFO.elements || characters > MAX_SIGNED_INFO.attributeCharacters
}

function idsOf(root: XmlElement): readonly string[] {
  return walk(root).flatMap((element) =>
    Array.from(element.attributes)
      .filter(({ name }) => ID_ATTRIBUTES.includes(name.toLowerCase()))
      .map(({ value }) => value),
  )
}

/** Exactly one reference, to the whole assertion: enveloped, exclusive, a strong digest (SAML core 5.4.2 to 5.4.4). */
function checkReference(signedInfo: XmlElement, id: string): Result<undefined, string> {
  const [reference, ...more] = childrenOf(signedInfo, DSIG, 'Reference')
  if (reference === undefined || more.length > 0) return refuse('not one Reference')
  if (attributeOf(reference, 'URI') !== `#${id}`) return refuse('a reference to something else')
  if (!DIGESTS.includes(algorithmOf(reference, 'DigestMethod') ?? ''))
    return refuse('a weak or unknown digest')
  const [transforms, ...others] = childrenOf(reference, DSIG, 'Transforms')
  if (transforms === undefined || others.length > 0) return refuse('not one list of transforms')
  const names = elementsOf(transforms).map((transform) => attributeOf(transform, 'Algorithm'))
  const known = names.length === 2 && names[0] === ENVELOPED && names[1] === EXCLUSIVE
  return known ? accept(undefined) : refuse('transforms other than enveloped signature and exclusive')
}

function algorithmOf(parent: XmlElement, name: string): string | undefined {
  const [method, ...more] = childrenOf(parent, DSIG, name)
  return method === undefined || more.length > 0 ? undefined : attributeOf(method, 'Algorithm')
}

/** @returns the text that the signature covers; undefined if the key did not sign it */
function verifyBy(key: KeyObject, signature: XmlElement, text: string): string | undefined {
  const signed = createSignedXml(key)
  try {
    signed.loadSignature(signature as never)
    if (!signed.checkSignature(text)) return undefined
  } catch {
    // The library throws for a wrong signature as well as for an unreadable one; neither is valid.
    return undefined
  }
  const [xml, ...more] = signed.getSignedReferences()
  return more.length === 0 ? xml : undefined
}

/**
 * Checks the signature value first, because the library digests the whole document before it looks at the signature.
 * For a long document, which anyone can send, that takes a second.
 *
 * @returns the keys that signed SignedInfo, whether or not the document matches it
 */
function findSigners(
  signature: XmlElement,
  algorithm: string,
  keys: readonly KeyObject[],
): readonly KeyObject[] {
  const [value] = childrenOf(signature, DSIG, 'SignatureValue')
  const material = canonicalizeSignedInfo(signature)
  if (value === undefined || material === undefined) return []
  return keys.filter((key) => {
    const Algorithm = buildSignatureAlgorithms(key)[algorithm]
    return (
      Algorithm !== undefined &&
      new Algorithm().verifySignature(material, key as never, value.textContent ?? '')
    )
  })
}

/** @returns undefined if the library cannot parse it */
function canonicalizeSignedInfo(signature: XmlElement): string | undefined {
  const signed = createSignedXml(undefined)
  try {
    signed.loadSignature(signature as never)
    return signed['getCanonSignedInfoXml'](signature.ownerDocument as never)
  } catch {
    return undefined
  }
}

/**
 * Checks the digest before the library does, which searches the whole document several times by XPath: with one
 * signed assertion, anyone could block the process for a seventh of a second by each altered copy.
 */
function isDigestOf(root: XmlElement, signature: XmlElement): boolean {
  const signed = createSignedXml(undefined)
  try {
    signed.loadSignature(signature as never)
    const [reference] = signed.getReferences()
    const Hash = signed.HashAlgorithms[reference?.digestAlgorithm ?? '']
    if (reference === undefined || Hash === undefined) return false
    const { transforms, inclusiveNamespacesPrefixList } = reference
    const xml = signed.getCanonXml(transforms, root as never, { inclusiveNamespacesPrefixList })
    return readBase64(new Hash().getHash(xml)).equals(readBase64(String(reference.digestValue)))
  } catch {
    return false
  }
}

function readBase64(text: string): Buffer {
  return Buffer.from(text, 'base64')
}

function createSignedXml(key: KeyObject | undefined): XmlCrypto.SignedXml {
  const { SignedXml } = require('xml-crypto') as typeof XmlCrypto
  const options = key === undefined ? {} : { publicCert: key as never }
  const signed = new SignedXml({ ...options, getCertFromKeyInfo: () => null })
  signed.SignatureAlgorithms = key === undefined ? {} : buildSignatureAlgorithms(key)
  signed.CanonicalizationAlgorithms = pick(signed.CanonicalizationAlgorithms, [EXCLUSIVE, ENVELOPED])
  signed.HashAlgorithms = pick(signed.HashAlgorithms, DIGESTS)
  return signed
}

/** Limits what the library offers to the accepted algorithms; a second enforcement of the check above. */
function pick<T>(offered: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(offered).filter(([name]) => names.includes(name)))
}
