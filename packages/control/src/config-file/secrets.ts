// Which configuration values are secret, and how to show a configuration without them.
import { isPrivateJwkMember } from '@crosswalk/protocol'

const SECRET_KEYS: ReadonlySet<string> = new Set([
  'password',
  'totpSecret',
  'secret',
  'previousSecret',
  'bindPassword',
  'clientSecret',
  'token',
  'pin',
  'secretAccessKey',
  'sessionToken',
  // For streams: contains API keys of collectors
  'headers',
])

const MASK = '********'

export function isSecretKey(key: string | number | undefined): boolean {
  return typeof key === 'string' && SECRET_KEYS.has(key)
}

/** @returns the value with every secret replaced by asterisks; a database URL loses only its password */
export function maskSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(maskSecrets)
  if (typeof value === 'string') return maskUrlPassword(value)
  if (typeof value !== 'object' || value === null) return value
  const isKey = 'kty' in value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      const secret = isSecretKey(key) || (isKey && isPrivateJwkMember(key))
      return [key, secret && member !== undefined ? MASK : maskSecrets(member)]
    }),
  )
}

/** @returns the text with the password in its URL hidden: `postgres://user:********@host/db` */
export function maskUrlPassword(text: string): string {
  return text.replace(/^([a-z][a-z0-9+.-]*:\/\/[^:/?#]*:).*@/i, `$1${MASK}@`)
}
