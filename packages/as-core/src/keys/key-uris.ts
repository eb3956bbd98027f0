// The URIs of stored keys, which identify the provider that holds their private part.

/** URI prefix of each provider, by its name in the configuration: a PKCS#11 URI (RFC 7512), an ARN. */
export const KEY_URI_PREFIX = { pkcs11: 'pkcs11:', awsKms: 'arn:' } as const

export type KeyProviderName = keyof typeof KEY_URI_PREFIX

/** @returns where the private part of a stored key is; undefined for an unknown provider */
export function nameKeyProvider(uri: string | undefined): KeyProviderName | 'database' | undefined {
  if (uri === undefined) return 'database'
  const names = Object.keys(KEY_URI_PREFIX) as KeyProviderName[]
  return names.find((name) => uri.startsWith(KEY_URI_PREFIX[name]))
}
