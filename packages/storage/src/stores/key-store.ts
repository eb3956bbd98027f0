// Signing keys, sealed by the caller, or the URIs of keys held elsewhere. The keys of an owner are replaced as one set,
// which also raises the revision, so that no process issues grants with replaced keys.
import type { KeyStore, StoredKey } from '@crosswalk/as-core'
import type { Kysely, Selectable } from 'kysely'

import type { Engine } from '../dialects/dialect.ts'
import { appendEvent } from '../ledger/append-event.ts'
import type { SigningKeyTable, Tables } from '../schema/tables.ts'
import { raiseRevision } from './revision.ts'

/** The column is not nullable. */
const NOTHING_SEALED = ''

export interface StoredKeys extends KeyStore {
  /** Whether there are no keys */
  isEmpty(): Promise<boolean>
  /** All owners of keys */
  owners(): Promise<readonly string[]>
}

export function createKeyStore({ db, traits, upkeep }: Pick<Engine, 'db' | 'traits' | 'upkeep'>): StoredKeys {
  return {
    readTimeMs: () => upkeep.readTimeMs(),
    async isEmpty() {
      return (await db.selectFrom('signing_keys').select('kid').limit(1).executeTakeFirst()) === undefined
    },
    async owners() {
      const rows = await db.selectFrom('signing_keys').select('owner').distinct().orderBy('owner').execute()
      return rows.map(({ owner }) => owner)
    },
    list: (owner) => listKeys(db, owner),
    replace: (owner, seen, keys, recorded) =>
      db.transaction().execute(async (transaction) => {
        await lockOwner(transaction, owner)
        if (!sameKeys(await listKeys(transaction, owner), seen)) return false
        await raiseRevision(transaction, traits)
        await transaction.deleteFrom('signing_keys').where('owner', '=', owner).execute()
        if (keys.length > 0) {
          await transaction
            .insertInto('signing_keys')
            .values(keys.map((key) => buildRow(owner, key)))
            .execute()
        }
        if (recorded !== undefined) await appendEvent(transaction, traits, recorded)
        return true
      }),
  }
}

async function listKeys(db: Kysely<Tables>, owner: string): Promise<readonly StoredKey[]> {
  const rows = await db
    .selectFrom('signing_keys')
    .selectAll()
    .where('owner', '=', owner)
    .orderBy('created_at')
    .orderBy('kid')
    .execute()
  return rows.map(parseKey)
}

/** Serializes writers of the same set, even while the set is empty. */
async function lockOwner(db: Kysely<Tables>, owner: string): Promise<void> {
  await db
    .insertInto('key_owners')
    .values({ owner, revision: 1 })
    .onConflict((conflict) =>
      conflict.column('owner').doUpdateSet((builder) => ({
        revision: builder('key_owners.revision', '+', 1),
      })),
    )
    .execute()
}

function sameKeys(a: readonly StoredKey[], b: readonly StoredKey[]): boolean {
  const states = (keys: readonly StoredKey[]): string[] =>
    keys
      .map((key) =>
        JSON.stringify([
          ...[key.kid, key.purpose, key.state, key.retireAt ?? null],
          ...[key.sealedPrivateJwk ?? null, key.privateKeyUri ?? null],
        ]),
      )
      .sort()
  return states(a).join('\n') === states(b).join('\n')
}

function buildRow(owner: string, key: StoredKey): SigningKeyTable {
  if (key.owner !== owner) throw new TypeError(`key ${key.kid} belongs to ${key.owner}, not to ${owner}`)
  return {
    owner,
    kid: key.kid,
    purpose: key.purpose,
    algorithm: key.algorithm,
    public_jwk: JSON.stringify(key.publicJwk),
    sealed_private_jwk: key.sealedPrivateJwk ?? NOTHING_SEALED,
    private_key_uri: key.privateKeyUri ?? null,
    state: key.state,
    created_at: key.createdAt,
    retire_at: key.retireAt ?? null,
  }
}

function parseKey(row: Selectable<SigningKeyTable>): StoredKey {
  return {
    kid: row.kid,
    owner: row.owner,
    purpose: row.purpose as StoredKey['purpose'],
    algorithm: row.algorithm,
    publicJwk: JSON.parse(row.public_jwk) as Record<string, unknown>,
    ...(row.private_key_uri === null
      ? { sealedPrivateJwk: row.sealed_private_jwk }
      : { privateKeyUri: row.private_key_uri }),
    state: row.state as StoredKey['state'],
    createdAt: row.created_at,
    ...(row.retire_at !== null && { retireAt: row.retire_at }),
  }
}
