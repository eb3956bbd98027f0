// Which role answers for which metadata URL. Clients build that URL from the issuer, which may have another host
// and path than the endpoints: both the inserted and the appended form are served (RFC 8414 section 3).
import { listMetadataPaths } from '@crosswalk/protocol'

import type { Role } from './role.ts'

/** A metadata URL leads to a role, and to the path at which that role itself knows the document. */
export interface WellKnownTarget {
  readonly role: Role
  readonly canonicalPath: string
}

export type WellKnownTable = ReadonlyMap<string, readonly WellKnownTarget[]>

/** @returns every metadata path of every role; several roles at one path differ in the host of their issuers */
export function buildWellKnownTable(roles: readonly Role[]): WellKnownTable {
  const table = new Map<string, WellKnownTarget[]>()
  const add = (path: string, target: WellKnownTarget) => {
    table.set(path, [...(table.get(path) ?? []), target])
  }
  for (const role of roles) {
    // A role knows its document by the path of its issuer; under `baseUrl` it is served as well.
    const known = listMetadataPaths(issuerPath(role.issuer))
    for (const path of known) add(path, { role, canonicalPath: path })
    for (const path of listMetadataPaths(role.basePath)) {
      if (known.includes(path)) continue
      const canonicalPath = known.find((it) => documentOf(it) === documentOf(path)) ?? path
      add(path, { role, canonicalPath })
    }
  }
  return table
}

/** @returns the target whose issuer has the host that was asked, else the first one */
export function findWellKnown(
  table: WellKnownTable,
  path: string,
  host: string | undefined,
): WellKnownTarget | undefined {
  const targets = table.get(path)
  return targets?.find(({ role }) => new URL(role.issuer).host === host) ?? targets?.[0]
}

function issuerPath(issuer: string): string {
  return new URL(issuer).pathname.replace(/\/$/, '')
}

/** @returns the name of the document a metadata path leads to */
function documentOf(path: string): string | undefined {
  return /\/\.well-known\/([^/]+)/.exec(path)?.[1]
}
