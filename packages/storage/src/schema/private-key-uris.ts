// Migration: the location of private signing keys held by an HSM or a KMS. Frozen, like every migration.
export const PRIVATE_KEY_URIS: readonly string[] = [
  'alter table signing_keys add column private_key_uri text',
]
