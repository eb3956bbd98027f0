// Where each collection stands in a configuration document, in the order in which objects need each other.
import type { Collection, ConfigurationDocument } from '@crosswalk/admin-api'

export const SECTIONS: readonly {
  readonly collection: Collection
  readonly path: readonly ['idp', string] | readonly [string]
}[] = [
  { collection: 'users', path: ['idp', 'users'] },
  { collection: 'groups', path: ['idp', 'groups'] },
  { collection: 'apps', path: ['idp', 'apps'] },
  { collection: 'resource-apps', path: ['idp', 'resourceApps'] },
  { collection: 'connections', path: ['idp', 'connections'] },
  { collection: 'policies', path: ['idp', 'policies'] },
  { collection: 'policy-suites', path: ['idp', 'policyTests'] },
  { collection: 'authorization-servers', path: ['authorizationServers'] },
]

/** @returns the objects of one section, undefined where the document has no such section */
export function readSection(
  document: ConfigurationDocument,
  path: readonly string[],
): readonly Readonly<Record<string, unknown>>[] | undefined {
  const value = path.reduce<unknown>(
    (holder, key) => (holder as Readonly<Record<string, unknown>> | undefined)?.[key],
    document,
  )
  return value as readonly Readonly<Record<string, unknown>>[] | undefined
}
