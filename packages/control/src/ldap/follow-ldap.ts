// Reads every LDAP directory at its interval while a server runs. A failure is recorded once, and logged each time.
import { cleanForeignText, StorageFault } from '@crosswalk/as-core'

import type { DirectoryDefinition } from '../config-file/directory-schema.ts'
import type { LdapDefinition } from '../config-file/ldap-schema.ts'
import { recordAdminEvent } from '../audit/change-event.ts'
import { buildContext, type ProviderParts } from '../scim/scim-context.ts'
import { readLdap } from './read-ldap.ts'
import { syncLdap, type SyncResult } from './sync-ldap.ts'

type LdapDirectory = DirectoryDefinition & { readonly ldap: LdapDefinition }

export interface LdapFollower {
  /** Runs one directory, after runs in progress. @returns undefined for a directory that is not read by LDAP */
  run(id: string): Promise<SyncResult | undefined>
  close(): Promise<void>
}

export interface LdapParts {
  readonly directories: readonly DirectoryDefinition[]
  readonly admin: ProviderParts
  /** Called with the problems of a run, in sentences */
  onProblem(directory: string, problems: readonly string[]): void
  onFault(fault: unknown, reference: string): void
  readonly read?: typeof readLdap
}

const MAX_REPORTED = 20

export function followLdap({
  directories,
  admin,
  onProblem,
  onFault,
  read = readLdap,
}: LdapParts): LdapFollower {
  const recorded = new Map<string, string>()
  const running = new Map<string, Promise<unknown>>()
  const queued = new Map<string, Promise<SyncResult>>()
  const closing = new AbortController()

  async function runOne(directory: LdapDirectory): Promise<SyncResult> {
    const readNow = (ldap: LdapDefinition) => read(ldap, { signal: closing.signal })
    const result = await syncLdap(admin, directory, readNow).catch((error: unknown): SyncResult => {
      // The directory is fine, and a change may have been made without what follows from it.
      if (error instanceof StorageFault) throw error
      const message = error instanceof Error ? error.message : String(error)
      const refused = `the directory cannot be read: ${cleanForeignText(message)}`
      return { changed: 0, refused, problems: [] }
    })
    if (closing.signal.aborted) return result
    const problems = [...(result.refused === undefined ? [] : [result.refused]), ...result.problems]
    if (problems.length > 0) onProblem(directory.id, problems.slice(0, MAX_REPORTED))
    await record(directory, result.refused)
    return result
  }

  /** Once per reason, so that a directory that is down for a night does not fill the log. */
  async function record(directory: LdapDirectory, refused: string | undefined): Promise<void> {
    if (refused === undefined) recorded.delete(directory.id)
    if (refused === undefined || recorded.get(directory.id) === refused) return
    const context = buildContext({ parts: admin, directory, ip: undefined })
    await recordAdminEvent(admin, context, {
      type: 'directory.sync_refused',
      category: 'people',
      outcome: 'failure',
      severity: 'warning',
      target: { kind: 'directory', id: directory.id },
      change: { reason: refused },
    })
    recorded.set(directory.id, refused)
  }

  /** At most one run waits for the one in progress: a run may take longer than the interval. */
  function enqueue(directory: LdapDirectory): Promise<SyncResult> {
    const waiting = queued.get(directory.id)
    if (waiting !== undefined) return waiting
    const before = running.get(directory.id) ?? Promise.resolve()
    const next = before.then(() => {
      queued.delete(directory.id)
      return runOne(directory)
    })
    queued.set(directory.id, next)
    running.set(
      directory.id,
      next.catch((fault: unknown) => onFault(fault, `ldap:${directory.id}`)),
    )
    return next
  }

  const followed = directories.filter((one): one is LdapDirectory => one.ldap !== undefined)
  const timers = followed.map((directory) => {
    void enqueue(directory).catch(() => undefined)
    const timer = setInterval(
      () => void enqueue(directory).catch(() => undefined),
      directory.ldap.intervalSeconds * 1000,
    )
    return timer.unref()
  })
  return {
    async run(id) {
      const directory = followed.find((one) => one.id === id)
      return directory === undefined ? undefined : enqueue(directory)
    },
    async close() {
      for (const timer of timers) clearInterval(timer)
      closing.abort(new Error('the server stops'))
      await Promise.all(running.values())
    },
  }
}
