// Reads the public part of a key in a token as a JWK.
import type { PublicJwk } from '@crosswalk/protocol'

import { CKA } from './constants.ts'
import type { Cryptoki } from './library.ts'
import type { Curve } from './mechanisms.ts'

export function readPublicJwk(
  cryptoki: Pick<Cryptoki, 'C_GetAttributeValue'>,
  {
    session,
    key,
    curve,
  }: { readonly session: Buffer; readonly key: Buffer; readonly curve: Curve | undefined },
): PublicJwk {
  const read = (type: number): Buffer => {
    const [attribute] = cryptoki.C_GetAttributeValue(session, key, [{ type }])
    if (attribute === undefined)
      throw new Error(`the token does not return attribute ${type} of a public key`)
    return attribute.value
  }
  if (curve === undefined)
    return { kty: 'RSA', n: encodeUnsigned(read(CKA.MODULUS)), e: encodeUnsigned(read(CKA.PUBLIC_EXPONENT)) }
  const { crv, pointBytes } = curve
  // The standard wraps points in DER octet strings, so the wrapping is in front; some devices omit it.
  const point = read(CKA.EC_POINT).subarray(-pointBytes)
  if (crv === 'Ed25519') return { kty: 'OKP', crv, x: point.toString('base64url') }
  // SEC 1 section 2.3.3: 04, then both coordinates.
  const size = (point.length - 1) / 2
  const [x, y] = [point.subarray(1, 1 + size), point.subarray(1 + size)]
  return { kty: 'EC', crv, x: x.toString('base64url'), y: y.toString('base64url') }
}

/** RFC 7518 section 6.3.1.1: without leading zeros. */
function encodeUnsigned(value: Buffer): string {
  const start = value.findIndex((byte) => byte !== 0)
  return value.subarray(Math.max(start, 0)).toString('base64url')
}
