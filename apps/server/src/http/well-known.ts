// Maps metadata URLs to roles. Clients build the URL from the issuer, which may have a different host and path than
// the endpoints; both the inserted and the appended form are served (RFC 8414 section 3).
import { listMetadataPaths } from '@crosswalk/protocol'

import type { ServerRole } from './role.ts'

/** The role of a metadata URL, and the path by which that role knows the document. */
export interface WellKnownTarget {
  readonly role: ServerRole
  readonly canonicalPath: string
}

export type WellKnownTable = ReadonlyMap<string, readonly WellKnownTarget[]>

/** @returns every metadata path of every role; roles with the same path differ in the host of their issuer */
export function buildWellKnownTable(roles: readonly ServerRole[]): WellKnownTable {
  const table = new Map<string, WellKnownTarget[]>()
  const add = (path: string, target: WellKnownTarget) => {
    table.set(path, [...(table.get(path) ?? []), target])
  }
  for (const role of roles) {
    // A role knows its document by the path of its issuer; it is also served under `baseUrl`.
    const known = listMetadataPaths(new URL(role.issuer).pathname)
    for (const path of known) add(path, { role, canonicalPath: path })
    for (const path of listMetadataPaths(role.basePath)) {
      if (known.includes(path)) continue
      const canonicalPath = known.find((it) => documentOf(it) === documentOf(path)) ?? path
      add(path, { role, canonicalPath })
    }
  }
  return table
}

/** @returns the target whose issuer has the requested host, otherwise the first one */
export function findWellKnown(
  table: WellKnownTable,
  path: string,
  host: string | undefined,
): WellKnownTarget | undefined {
  const targets = table.get(path)
  return targets?.find(({ role }) => new URL(role.issuer).host === host) ?? targets?.[0]
}

/** @returns the name of the document at a metadata path */
function documentOf(path: string): string | undefined {
  return /\/\.well-known\/([^/]+)/.exec(path)?.[1]
}
