// Decodes a JWT without verifying it, for sanity checks and tracing only. Nothing here makes a token trustworthy.
import { isObject } from '@crosswalk/protocol'
import { base64url } from 'jose'

export interface DecodedJwt {
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
}

/** @returns header and claims of a signed JWT; undefined for anything else, such as opaque or encrypted tokens */
export function decodeJwt(token: string): DecodedJwt | undefined {
  const [header, claims, , ...others] = token.split('.')
  if (header === undefined || claims === undefined || others.length > 0) return undefined
  const [readHeader, readClaims] = [readPart(header), readPart(claims)]
  return readHeader === undefined || readClaims === undefined
    ? undefined
    : { header: readHeader, claims: readClaims }
}

function readPart(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(base64url.decode(part)))
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** Whether a token has the five parts of a JWE, whose claims only its recipient can read. */
export function isEncryptedJwt(token: string): boolean {
  return token.split('.').length === 5
}
