// By which URIs stored keys name the providers that keep their private parts.

/** How the URIs of each provider begin, by its name in the configuration: a PKCS#11 URI (RFC 7512), an ARN. */
export const KEY_URI_PREFIX = { pkcs11: 'pkcs11:', awsKms: 'arn:' } as const

export type KeyProviderName = keyof typeof KEY_URI_PREFIX

/** @returns who keeps the private part of a stored key; undefined for a provider that is unknown */
export function nameKeyProvider(uri: string | undefined): KeyProviderName | 'database' | undefined {
  if (uri === undefined) return 'database'
  const names = Object.keys(KEY_URI_PREFIX) as KeyProviderName[]
  return names.find((name) => uri.startsWith(KEY_URI_PREFIX[name]))
}
