// The host for which passkeys are created: exactly the host of the pages, never a parent domain.
import { isIP } from 'node:net'

/**
 * @returns undefined for an IP address, because browsers create passkeys only for names (WebAuthn level 3 section
 *   5.1.3)
 */
export function findRpId(baseUrl: string): string | undefined {
  const { hostname } = new URL(baseUrl)
  return isIP(hostname.replace(/^\[|\]$/g, '')) === 0 ? hostname : undefined
}
