// The accepted SAML signature algorithms: RSA with SHA-256 or better, PSS, and ECDSA. Each is bound to its key type, so
// that no name in the document can use a key of one type as another.
import { constants, type KeyObject, verify } from 'node:crypto'

import type { SignatureAlgorithm } from 'xml-crypto'

interface Profile {
  readonly keyType: 'rsa' | 'ec'
  readonly hash: 'sha256' | 'sha384' | 'sha512'
  readonly pss?: true
}

const MORE = 'http://www.w3.org/2001/04/xmldsig-more#'
const MORE_2007 = 'http://www.w3.org/2007/05/xmldsig-more#'

/** RFC 9231 section 2.3, without SHA-1 and HMAC, so that they cannot be used. */
const PROFILES: Readonly<Record<string, Profile>> = {
  [`${MORE}rsa-sha256`]: { keyType: 'rsa', hash: 'sha256' },
  [`${MORE}rsa-sha384`]: { keyType: 'rsa', hash: 'sha384' },
  [`${MORE}rsa-sha512`]: { keyType: 'rsa', hash: 'sha512' },
  [`${MORE_2007}sha256-rsa-MGF1`]: { keyType: 'rsa', hash: 'sha256', pss: true },
  [`${MORE_2007}sha384-rsa-MGF1`]: { keyType: 'rsa', hash: 'sha384', pss: true },
  [`${MORE_2007}sha512-rsa-MGF1`]: { keyType: 'rsa', hash: 'sha512', pss: true },
  [`${MORE}ecdsa-sha256`]: { keyType: 'ec', hash: 'sha256' },
  [`${MORE}ecdsa-sha384`]: { keyType: 'ec', hash: 'sha384' },
  [`${MORE}ecdsa-sha512`]: { keyType: 'ec', hash: 'sha512' },
}

export function isSignatureAlgorithm(uri: string): boolean {
  return Object.hasOwn(PROFILES, uri)
}

/** For `SignedXml.SignatureAlgorithms`: verifies with one key and never signs. */
export function buildSignatureAlgorithms(key: KeyObject): Record<string, new () => SignatureAlgorithm> {
  return Object.fromEntries(
    Object.entries(PROFILES).map(([uri, profile]) => [uri, createVerifier(uri, profile, key)]),
  )
}

function createVerifier(uri: string, profile: Profile, key: KeyObject): new () => SignatureAlgorithm {
  return class implements SignatureAlgorithm {
    getSignature(): string {
      throw new Error('signing is not supported')
    }
    verifySignature(material: string, _key: unknown, signature: string): boolean {
      return key.asymmetricKeyType === profile.keyType && verifyWith(key, profile, { material, signature })
    }
    getAlgorithmName(): string {
      return uri
    }
  }
}

function verifyWith(
  key: KeyObject,
  { hash, pss }: Profile,
  { material, signature }: { readonly material: string; readonly signature: string },
): boolean {
  const padding =
    pss === undefined
      ? {}
      : { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
  // ECDSA values in XML are the two numbers concatenated (RFC 9231 section 2.3.6), not DER.
  const options = { key, dsaEncoding: 'ieee-p1363', ...padding } as const
  return verify(hash, Buffer.from(material), options, Buffer.from(signature, 'base64'))
}
