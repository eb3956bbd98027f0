// Reads users and groups from an LDAP server in a separate thread, because the library believes the lengths in a response:
// a few wrong bytes let it loop forever or use up all memory. Then only the thread ends.
import type { Worker } from 'node:worker_threads'

import type { Entry } from 'ldapts'

import type { LdapDefinition } from '../config-file/ldap-schema.ts'
import { startWorker } from '../start-worker.ts'

export interface LdapContent {
  readonly users: readonly Entry[]
  readonly groups: readonly Entry[]
}

export type FromReader =
  | {
      readonly type: 'entries'
      readonly part: keyof LdapContent
      /** Bytes are plain arrays, as threads copy them */
      readonly entries: readonly Entry[]
    }
  | { readonly type: 'read' }
  | { readonly type: 'failed'; readonly message: string }

/** For all pages together. */
const LONGEST_RUN_MS = 600_000
/** Connection, StartTLS, bind and first page: each has the time of one response. */
const STEPS = 4
const START_MS = 10_000
const MAX_MEMORY_MIB = 512

export interface ReadOptions {
  /** Ends the reading, with this reason */
  readonly signal?: AbortSignal
  /** How long the thread may say nothing: it notices most timeouts itself, unless it is busy */
  readonly quietMs?: number
}

/** @throws Error whose message describes the problem, without the password */
export async function readLdap(
  ldap: LdapDefinition,
  { signal, quietMs = START_MS + STEPS * ldap.timeoutSeconds * 1000 }: ReadOptions = {},
): Promise<LdapContent> {
  signal?.throwIfAborted()
  const worker = startWorker('./ldap-worker', import.meta.url, {
    workerData: ldap,
    resourceLimits: { maxOldGenerationSizeMb: MAX_MEMORY_MIB },
  })
  try {
    return await receive(worker, quietMs, signal)
  } finally {
    await worker.terminate()
  }
}

function receive(worker: Worker, quietMs: number, signal: AbortSignal | undefined): Promise<LdapContent> {
  const content: Record<keyof LdapContent, Entry[]> = { users: [], groups: [] }
  const { promise, resolve, reject } = Promise.withResolvers<LdapContent>()
  const stopAfter = (ms: number) =>
    setTimeout(() => reject(new Error(`it takes more than ${ms / 1000} seconds`)), ms)
  const stop = () => reject(signal?.reason as Error)
  signal?.addEventListener('abort', stop)
  const whole = stopAfter(LONGEST_RUN_MS)
  const quiet = stopAfter(quietMs)
  worker.on('message', (message: FromReader) => {
    if (message.type === 'read') return resolve(content)
    if (message.type === 'failed') return reject(new Error(message.message))
    quiet.refresh()
    for (const entry of message.entries) content[message.part].push(restoreBytes(entry))
    worker.postMessage('next')
  })
  worker.on('error', (error: Error & { readonly code?: string }) =>
    reject(
      error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? new Error('its response needs too much memory') : error,
    ),
  )
  worker.on('exit', () => reject(new Error('its response ended the thread that read it')))
  return promise.finally(() => {
    signal?.removeEventListener('abort', stop)
    clearTimeout(whole)
    clearTimeout(quiet)
  })
}

function restoreBytes(entry: Entry): Entry {
  const restore = (value: Uint8Array | string) => (typeof value === 'string' ? value : Buffer.from(value))
  return Object.fromEntries(
    Object.entries(entry).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map(restore) : restore(value),
    ]),
  ) as Entry
}
