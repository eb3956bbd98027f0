// Which role answers for which metadata URL. Clients build that URL from the issuer, which may have another host
// and path than the endpoints: both the inserted and the appended form are served (RFC 8414 section 3).
import type { Role } from './role.ts'

const DOCUMENTS = ['oauth-authorization-server', 'openid-configuration'] as const

/** A metadata URL leads to a role, and to the path at which that role itself knows the document. */
export interface WellKnownTarget {
  readonly role: Role
  readonly canonicalPath: string
}

export type WellKnownTable = ReadonlyMap<string, readonly WellKnownTarget[]>

/** @returns every metadata path of every role; several roles at one path differ in the host of their issuers */
export function buildWellKnownTable(roles: readonly Role[]): WellKnownTable {
  const table = new Map<string, WellKnownTarget[]>()
  for (const role of roles) {
    for (const document of DOCUMENTS) {
      const canonicalPath = `/.well-known/${document}${role.basePath}`
      const paths = [issuerPath(role.issuer), role.basePath].flatMap((path) => [
        `/.well-known/${document}${path}`,
        `${path}/.well-known/${document}`,
      ])
      for (const path of new Set(paths)) {
        table.set(path, [...(table.get(path) ?? []), { role, canonicalPath }])
      }
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
