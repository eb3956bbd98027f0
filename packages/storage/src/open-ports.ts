// Everything a server needs from outside, on one database, for programs that embed a server instead of running
// apps/server. Opens and connects the parts; decides only where the master key is stored.
import {
  type Clock,
  createFaultLog,
  createGuardedFetch,
  createGuardedWebFetch,
  createIssuerKeys,
  createRounds,
  type DocumentFetch,
  type GuardedFetch,
  type IssuerKeys,
  type KeyStore,
  type Ledger,
  parseMasterKey,
  type Sealing,
} from '@crosswalk/as-core'
import type { GrantLog, SignInStore } from '@crosswalk/idp'
import type { CodeSignInDefinition } from '@crosswalk/protocol'
import {
  type AccessTokens,
  type Accounts,
  type Consents,
  createReceivedRevocations,
  type ReceivedRevocations,
} from '@crosswalk/resource-as'

import { findDatabaseKey } from './database-key.ts'
import { findSqlitePath } from './database-url.ts'
import { openStorage } from './open-storage.ts'
import { SchemaError } from './schema/schema-error.ts'
import { type DatabaseSealing, openSealing } from './sealing/open-sealing.ts'
import type { Storage } from './storage.ts'

export interface PortsOptions {
  /** 32 random bytes as 64 hex or 43 base64url characters; default: CROSSWALK_KEY, or a file next to the database */
  readonly masterKey?: string
  /** Whether documents may be fetched from this machine, also over http; for development */
  readonly allowLoopback?: boolean
  /** How to fetch keys and documents; default: over the network, guarded */
  readonly fetch?: GuardedFetch & DocumentFetch
  readonly clock?: Clock
  /**
   * Called with a fault that caused a 500 or 503 response, or was thrown by `onDecision` or `onLinked`, and with a reference to
   * the request or decision; default: prints to standard error
   */
  readonly onFault?: (fault: unknown, reference: string) => void
}

/** The ports of `createResourceAs` and `createIdp`, without the definitions. */
export interface Ports {
  readonly clock: Clock
  readonly ledger: Ledger
  readonly keyStore: KeyStore
  readonly sealing: Sealing
  readonly issuerKeys: IssuerKeys
  readonly documentFetch: DocumentFetch
  readonly webFetch: typeof globalThis.fetch
  readonly accounts: Accounts
  readonly accessTokens: AccessTokens
  readonly receivedRevocations: ReceivedRevocations
  readonly passwordHashes: Storage['passwordHashes']
  readonly secondFactors: Storage['secondFactors']
  readonly failedSignIns: Storage['failedSignIns']
  readonly requestCounts: Storage['requestCounts']
  readonly signInStore: SignInStore
  readonly consents: Consents
  /** For `authorizationCode.signIn` */
  readonly signInFetch: (definition: CodeSignInDefinition) => typeof globalThis.fetch
  readonly grantLog: GrantLog
  readonly storage: Storage
  onFault(fault: unknown, reference: string): void
  /** Finishes pending writes, then closes. */
  close(): Promise<void>
}

const TIDY_EVERY_MS = 60_000

/**
 * Opens a database and creates every port on it; removes expired data while the program runs.
 *
 * @param databaseUrl - see `openStorage`; `sqlite::memory:` stores nothing and uses a random master key
 * @throws Error for a master key that is invalid or not the database's, `SchemaError` for a database that is not ours, or
 *   an error of the database
 */
export async function openPorts(databaseUrl: string, options: PortsOptions = {}): Promise<Ports> {
  const {
    allowLoopback = false,
    clock = { nowMs: () => Date.now() },
    onFault = createFaultLog(logFault),
  } = options
  const takeKey = findKey(databaseUrl, options.masterKey)
  const storage = await openStorage(databaseUrl, { clock }).catch(explainSchemaError)
  const sealing = await takeKey(storage)
    .then((key) => openSealing(storage.keys, key))
    .catch(async (error: unknown) => {
      await storage.close()
      throw error
    })
  const fetch = options.fetch ?? createGuardedFetch({ allowLoopback })
  const web = createGuardedWebFetch({ allowLoopback })
  const privateWeb = createGuardedWebFetch({ allowLoopback, allowPrivate: true })
  const receivedRevocations = createReceivedRevocations(storage.receivedRevocations)
  const stopTidying = keepTidy({ storage, sealing, receivedRevocations, onFault })
  return {
    clock,
    ledger: storage.ledger,
    keyStore: storage.keys,
    sealing,
    issuerKeys: createIssuerKeys({ fetch, clock }),
    documentFetch: fetch,
    webFetch: web.fetch,
    accounts: storage.accounts,
    accessTokens: storage.accessTokens,
    receivedRevocations,
    passwordHashes: storage.passwordHashes,
    secondFactors: storage.secondFactors,
    failedSignIns: storage.failedSignIns,
    requestCounts: storage.requestCounts,
    signInStore: storage.signIn,
    consents: storage.consents,
    signInFetch: ({ privateNetwork }) => (privateNetwork ? privateWeb : web).fetch,
    grantLog: storage.grantLog,
    storage,
    onFault,
    async close() {
      await stopTidying()
      await fetch.close()
      await web.close()
      await privateWeb.close()
      await storage.close()
    },
  }
}

/** Programs often log the message alone. */
function explainSchemaError(error: unknown): never {
  if (!(error instanceof SchemaError)) throw error
  const { message, fix } = error
  throw new SchemaError(`the database cannot be opened: ${message}; ${fix}`, fix, { cause: error })
}

function findKey(databaseUrl: string, given: string | undefined): ReturnType<typeof findDatabaseKey> {
  if (given !== undefined) {
    const key = parseMasterKey(given, 'the option masterKey')
    return async () => key
  }
  // An in-memory database needs no key that outlives the process.
  if (findSqlitePath(databaseUrl) === ':memory:')
    return async () => crypto.getRandomValues(new Uint8Array(32))
  return findDatabaseKey(databaseUrl, process.env)
}

/** @returns a function that stops it, and resolves when no clean-up is running */
function keepTidy({
  storage: { expiry },
  sealing,
  receivedRevocations,
  onFault,
}: Pick<Ports, 'storage' | 'receivedRevocations' | 'onFault'> & {
  readonly sealing: Pick<DatabaseSealing, 'refresh'>
}): () => Promise<void> {
  async function tidy(): Promise<void> {
    await sealing.refresh()
    const cut = await expiry.findCut()
    if (cut === undefined) return
    await expiry.forgetExpired(cut)
    await receivedRevocations.forgetExpired(cut)
  }
  const report = (fault: unknown) => onFault(fault, 'tidying')
  return createRounds(tidy, { everyMs: TIDY_EVERY_MS, onFault: report }).close
}

function logFault(line: string): void {
  process.stderr.write(`crosswalk ${line}\n`)
}
