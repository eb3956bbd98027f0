// Migration: where the private part of a signing key is, for keys that an HSM or a KMS keeps. Frozen, as every migration.
export const PRIVATE_KEY_URIS: readonly string[] = [
  'alter table signing_keys add column private_key_uri text',
]
