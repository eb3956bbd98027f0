// Passwords and second factors of users in the configuration file: hashed or sealed at start if they changed.
import type { EpochMs, UserDefinition } from '@crosswalk/protocol'
import type { StoredPasswordHashes, StoredSecondFactors } from '@crosswalk/storage'

export interface PasswordPreparation {
  readonly store: StoredPasswordHashes
  /** argon2id, deliberately slow */
  hash(password: string): Promise<string>
  /** Identifies a password; can be computed only with the master key */
  fingerprint(userId: string, password: string): string
  /** Ends what was obtained with the old password, before it is replaced or removed */
  endAccess(userId: string): Promise<void>
}

/** Hashes the passwords that changed since the last start; the others keep their hash and access. */
export async function preparePasswords(
  users: readonly UserDefinition[],
  { store, hash, fingerprint, endAccess }: PasswordPreparation,
): Promise<void> {
  for (const { id, password } of users) {
    const known = await store.fingerprint(id)
    const current = password === undefined ? undefined : fingerprint(id, password)
    if (known === current) continue
    if (known !== undefined) await endAccess(id)
    if (password === undefined || current === undefined) await store.remove(id)
    else await store.replace(id, await hash(password), current)
  }
}

export interface TotpPreparation {
  readonly store: StoredSecondFactors
  seal(userId: string, secret: string): string
  /** Identifies a secret; can be computed only with the master key */
  fingerprint(userId: string, secret: string): string
  readonly now: EpochMs
}

/** Seals the secrets that changed since the last start; factors that users enrolled themselves are kept. */
export async function prepareTotpSecrets(
  users: readonly UserDefinition[],
  { store, seal, fingerprint, now: at }: TotpPreparation,
): Promise<void> {
  for (const { id, totpSecret } of users) {
    if (totpSecret === undefined) {
      await store.removeConfiguredTotp(id)
      continue
    }
    const current = fingerprint(id, totpSecret)
    if ((await store.totpFingerprint(id)) !== current)
      await store.replaceTotp(id, { sealedSecret: seal(id, totpSecret), fingerprint: current, at })
  }
}
