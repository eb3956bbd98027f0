// Reads users and groups from an LDAP server: encrypted, page by page, with limits on entries and time. Never writes.
import { isIP } from 'node:net'

import type { Client, Entry } from 'ldapts'

import type { LdapDefinition } from '../config-file/ldap-schema.ts'
import { namesOf } from './ldap-names.ts'

export interface LdapContent {
  readonly users: readonly Entry[]
  readonly groups: readonly Entry[]
}

/** For all pages together. */
const LONGEST_RUN_MS = 600_000

/** @throws Error whose message describes the problem, without the password */
export async function readLdap(ldap: LdapDefinition): Promise<LdapContent> {
  // Loaded on demand: a server without LDAP starts without the library.
  const { Client } = await import('ldapts')
  const timeout = ldap.timeoutSeconds * 1000
  const tlsOptions = ldap.ca === undefined ? {} : { ca: ldap.ca }
  const encrypted = ldap.url.startsWith('ldaps:')
  const client = new Client({
    url: ldap.url.replace(/\/$/, ''),
    timeout,
    connectTimeout: timeout,
    ...(encrypted ? { tlsOptions } : {}),
  })
  const signal = AbortSignal.timeout(LONGEST_RUN_MS)
  try {
    if (!encrypted && ldap.startTls) await client.startTLS({ ...tlsOptions, ...nameServer(ldap.url) })
    await client.bind(ldap.bindDn, ldap.bindPassword)
    const names = namesOf(ldap)
    const users = await search(client, { ldap, signal, base: ldap.users.base, ...names.users })
    if (ldap.groups === undefined) return { users, groups: [] }
    const groups = await search(client, { ldap, signal, base: ldap.groups.base, ...names.groups })
    return { users, groups }
  } finally {
    await client.unbind().catch(() => undefined)
  }
}

/** The library upgrades a socket without a name: by default, the certificate would be checked against `localhost`. */
function nameServer(url: string): { readonly host: string; readonly servername?: string } {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '')
  return isIP(host) === 0 ? { host, servername: host } : { host }
}

interface Search {
  readonly ldap: LdapDefinition
  readonly signal: AbortSignal
  readonly base: string
  readonly filter: string
  readonly attributes: readonly string[]
}

async function search(
  client: Client,
  { ldap: { pageSize, maxEntries }, signal, base, filter, attributes }: Search,
): Promise<readonly Entry[]> {
  const entries: Entry[] = []
  const pages = client.searchPaginated(base, {
    scope: 'sub',
    filter,
    attributes: [...attributes],
    explicitBufferAttributes: ['objectGUID'],
    paged: { pageSize },
  })
  for await (const { searchEntries } of pages) {
    entries.push(...searchEntries)
    if (entries.length > maxEntries) throw new Error(`more than ${maxEntries} entries below ${base}`)
    signal.throwIfAborted()
  }
  return entries
}
