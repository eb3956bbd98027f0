// For which host passkeys are made: exactly the one where the pages are, never a domain above it.
import { isIP } from 'node:net'

/** @returns undefined for an address, since browsers make passkeys for names only (WebAuthn level 3 section 5.1.3) */
export function findRpId(baseUrl: string): string | undefined {
  const { hostname } = new URL(baseUrl)
  return isIP(hostname.replace(/^\[|\]$/g, '')) === 0 ? hostname : undefined
}
