// Connects the console to the parts of a running server, in front of the admin API.
import type { Clock, Sealing } from '@crosswalk/as-core'
import {
  type AdminApi,
  type Configuration,
  CONSOLE_PATH,
  createConsoleCookies,
  deriveConsoleSecret,
  findUnblockedUser,
  type Proofs,
} from '@crosswalk/control'
import type { Storage } from '@crosswalk/storage'

import type { Roles } from '../roles.ts'
import type { CallerParts } from './callers.ts'
import { createConsole } from './console.ts'
import { readConsoleFiles } from './console-files.ts'
import { createLiveUpdates } from './live-updates.ts'
import { createTokenSignInRecord } from './record-token-sign-in.ts'
import { createConsoleSessions } from './sessions.ts'
import { createConsoleSignIn } from './sign-in.ts'

export interface ConsoleServerParts {
  readonly configuration: Configuration & { readonly admin: NonNullable<Configuration['admin']> }
  readonly storage: Storage
  readonly sealing: Sealing
  readonly clock: Clock
  readonly roles: Pick<Roles, 'directory' | 'idp'>
  readonly api: AdminApi
  readonly proofs: Proofs | undefined
  onFault(fault: unknown, reference: string): void
}

export interface ConnectedConsole {
  readonly basePath: string
  fetch(request: Request, ip?: string): Promise<Response>
  /** Ends live streams, which would otherwise stay open forever. */
  endStreams(): void
}

export function connectConsole(parts: ConsoleServerParts): ConnectedConsole {
  const { configuration, storage, sealing, roles, onFault } = parts
  const live = createLiveUpdates({
    readDefinitions: () => String(roles.directory.current().world.revision),
    async readLogs() {
      const ends = new Map<string, number>()
      for (const { log, seq } of await storage.events.heads()) ends.set(log, (ends.get(log) ?? 0) + seq)
      return ends
    },
    onFault,
  })
  const files = once(readConsoleFiles)
  const console = createConsole({
    baseUrl: configuration.baseUrl,
    issuer: configuration.idp?.issuer,
    callers: buildCallerParts(parts),
    sealing,
    signIn: connectSignIn(parts),
    recordTokenSignIn: createTokenSignInRecord({ ledger: storage.ledger, clock: parts.clock }),
    api: parts.api,
    proofs: parts.proofs,
    live,
    files,
    onFault,
  })
  return { basePath: CONSOLE_PATH, fetch: console.fetch, endStreams: () => live.close() }
}

function buildCallerParts({
  configuration,
  storage,
  sealing,
  clock,
  roles,
}: ConsoleServerParts): CallerParts {
  return {
    sessions: createConsoleSessions(storage.signIn, clock),
    cookies: createConsoleCookies(configuration.baseUrl),
    roles: configuration.admin.roles,
    adminToken: configuration.admin.token,
    sealing,
    signIn: roles.idp?.signIn,
    findUser: (id) => findUnblockedUser({ directory: roles.directory, clock }, id),
    clock,
  }
}

function connectSignIn({ configuration, sealing, roles }: ConsoleServerParts) {
  if (roles.idp === undefined || configuration.idp === undefined || configuration.admin.roles === undefined)
    return undefined
  return createConsoleSignIn({
    issuer: configuration.idp.issuer,
    baseUrl: configuration.baseUrl,
    clientSecret: deriveConsoleSecret(sealing),
    secondFactor: configuration.admin.secondFactor,
    idp: roles.idp,
  })
}

/** Reads on first use, and retries until the console is built. */
function once<T>(read: () => T | undefined): () => T | undefined {
  let known: T | undefined
  return () => (known ??= read())
}
