// The signing certificate of a SAML issuer: just a container for a configured public key. Its dates and its issuer are
// ignored; trust comes only from the configuration.
import { type KeyObject, X509Certificate } from 'node:crypto'

import { accept, isRocaModulus, refuse, type Result } from '@crosswalk/protocol'

const MIN_RSA_BITS = 2048
const CURVES: readonly (string | undefined)[] = ['prime256v1', 'secp384r1', 'secp521r1']

/** @returns the public key of a PEM certificate, or why it is unusable */
export function readSigningCertificate(pem: string): Result<KeyObject, string> {
  const key = parseKey(pem)
  if (key === undefined) return refuse('not a PEM certificate')
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {}
  switch (key.asymmetricKeyType) {
    case 'rsa':
      if ((modulusLength ?? 0) < MIN_RSA_BITS) return refuse('an RSA key below 2048 bits')
      return isRocaModulus(key.export({ format: 'jwk' }).n ?? '')
        ? refuse('an RSA key of a faulty generator (ROCA, CVE-2017-15361)')
        : accept(key)
    case 'ec':
      return CURVES.includes(namedCurve)
        ? accept(key)
        : refuse('an EC key on a curve other than P-256, P-384 or P-521')
    default:
      return refuse('a key that is neither RSA nor EC')
  }
}

/** @throws TypeError for an unusable certificate */
export function readSigningKeys(certificates: readonly string[]): readonly KeyObject[] {
  return certificates.map((pem) => {
    const key = readSigningCertificate(pem)
    if (!key.accepted) throw new TypeError(`a SAML certificate cannot be used: ${key.refusal}`)
    return key.value
  })
}

function parseKey(pem: string): KeyObject | undefined {
  // A private key next to the certificate would be a misplaced secret.
  if (!pem.includes('-----BEGIN CERTIFICATE-----') || pem.includes('PRIVATE KEY')) return undefined
  try {
    return new X509Certificate(pem).publicKey
  } catch {
    return undefined
  }
}
