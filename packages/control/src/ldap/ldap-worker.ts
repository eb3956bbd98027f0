// The thread that reads one LDAP directory: encrypted, page by page, with limits on entries, bytes and time. Never writes.
import { once } from 'node:events'
import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'

import { Client, type Entry } from 'ldapts'

import type { LdapDefinition } from '../config-file/ldap-schema.ts'
import { namesOf } from './ldap-names.ts'
import type { FromReader, LdapContent } from './read-ldap.ts'

/** For all pages together: a hundred thousand users with forty groups each. */
const MAX_MIB = 512
/** The library holds a whole response before we see any of it. */
const LOOK_AT_SIZE_MS = 100

/** Entries of one message */
const PORTION = 250

const port = parentPort as MessagePort
const ldap = workerData as LdapDefinition

const tlsOptions = ldap.ca === undefined ? {} : { ca: ldap.ca }
const encrypted = ldap.url.startsWith('ldaps:')
const client = openClient()
await read().then(
  () => post({ type: 'read' }),
  (error: unknown) =>
    post({ type: 'failed', message: error instanceof Error ? error.message : String(error) }),
)

function openClient(): Client {
  const timeout = ldap.timeoutSeconds * 1000
  return new Client({
    url: ldap.url.replace(/\/$/, ''),
    timeout,
    connectTimeout: timeout,
    createConnection: ((...to: Parameters<typeof connect>) => limit(connect(...to))) as typeof connect,
    createSecureConnection: ((...to: Parameters<typeof connectTls>) =>
      limit(connectTls(...to))) as typeof connectTls,
    ...(encrypted ? { tlsOptions } : {}),
  })
}

function limit<T extends Socket>(socket: T): T {
  const timer = setInterval(() => {
    if (socket.bytesRead > MAX_MIB * 2 ** 20) socket.destroy(new Error(`more than ${MAX_MIB} MiB`))
  }, LOOK_AT_SIZE_MS)
  socket.once('close', () => clearInterval(timer))
  return socket
}

async function read(): Promise<void> {
  try {
    await readAll()
  } finally {
    await client.unbind().catch(() => undefined)
  }
}

async function readAll(): Promise<void> {
  if (!encrypted && ldap.startTls) await client.startTLS({ ...tlsOptions, ...nameServer(ldap.url) })
  await client.bind(ldap.bindDn, ldap.bindPassword)
  const names = namesOf(ldap)
  await search('users', { base: ldap.users.base, ...names.users })
  if (ldap.groups !== undefined) await search('groups', { base: ldap.groups.base, ...names.groups })
}

/** The library upgrades a socket without a name: by default, the certificate would be checked against `localhost`. */
function nameServer(url: string): { readonly host: string; readonly servername?: string } {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '')
  return isIP(host) === 0 ? { host, servername: host } : { host }
}

interface Search {
  readonly base: string
  readonly filter: string
  readonly attributes: readonly string[]
}

async function search(part: keyof LdapContent, { base, filter, attributes }: Search): Promise<void> {
  const { pageSize, maxEntries } = ldap
  let count = 0
  const pages = client.searchPaginated(base, {
    scope: 'sub',
    filter,
    attributes: [...attributes],
    explicitBufferAttributes: ['objectGUID'],
    paged: { pageSize },
  })
  for await (const { searchEntries } of pages) {
    count += searchEntries.length
    if (count > maxEntries) throw new Error(`more than ${maxEntries} entries below ${base}`)
    await send(part, searchEntries)
  }
}

/** Waits until they are received, so that other work of the process has its turn between portions. */
async function send(part: keyof LdapContent, entries: readonly Entry[]): Promise<void> {
  for (let start = 0; start === 0 || start < entries.length; start += PORTION) {
    const some = entries.slice(start, start + PORTION)
    post({ type: 'entries', part, entries: some.map(copyBytes) })
    await once(port, 'message')
  }
}

function post(message: FromReader): void {
  port.postMessage(message)
}

/** A buffer of the library is a view of the whole response, which would be sent with each entry. */
function copyBytes(entry: Entry): Entry {
  const copy = (value: Buffer | string) => (typeof value === 'string' ? value : new Uint8Array(value))
  return Object.fromEntries(
    Object.entries(entry).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map(copy) : copy(value),
    ]),
  ) as Entry
}
