// Limits for objects that cost time on every request.
import { compileDetailsSchema } from '@crosswalk/as-core'
import type { AuthorizationServerDefinition, ResourceAppDefinition } from '@crosswalk/protocol'

import type { Path, FileFinding } from '../finding.ts'
import type { FileCheck } from './check.ts'
import type { Entry } from '../view.ts'

/** Policies that no index excludes are evaluated on every request. */
const MAX_POLICIES = 2000
/** Each one holds compiled code. */
const MAX_SCHEMAS = 200

export const checkLimits: FileCheck = ({ policies, resourceApps, servers }) => {
  const schemas = [...resourceApps, ...servers].flatMap(({ path, value }) =>
    (value?.authorizationDetailsTypes ?? []).flatMap((type, index) =>
      typeof type === 'string' || type.schema === undefined
        ? []
        : [[...path, 'authorizationDetailsTypes', index, 'schema']],
    ),
  )
  return [
    ...beyond(
      policies.map(({ path }) => path),
      MAX_POLICIES,
      'policies',
    ),
    ...beyond(schemas, MAX_SCHEMAS, 'schemas of authorization details types'),
  ]
}

function beyond(paths: readonly Path[], most: number, what: string) {
  const first = paths[most]
  if (first === undefined) return []
  return [
    {
      path: first,
      what: `there are ${paths.length} ${what}, more than ${most}`,
      fix: 'merge similar ones, or remove those no longer needed',
    },
  ]
}

/** Rejects JSON Schemas of authorization details types that cannot be compiled. */
export const checkDetailsSchemas: FileCheck = (view) =>
  [...view.resourceApps, ...view.servers].flatMap(checkSchemas)

function checkSchemas({
  path,
  value,
}: Entry<ResourceAppDefinition> | Entry<AuthorizationServerDefinition>): readonly FileFinding[] {
  return (value?.authorizationDetailsTypes ?? []).flatMap((entry, index) => {
    if (typeof entry === 'string' || entry.schema === undefined) return []
    const compiled = compileDetailsSchema(entry.schema)
    if (compiled.accepted) return []
    return [
      {
        path: [...path, 'authorizationDetailsTypes', index, 'schema'],
        at: 'key',
        what: `the schema of ${entry.type} cannot be used: ${compiled.refusal}`,
        fix: 'write a self-contained JSON Schema (2020-12), with references only to its own `$defs`',
      },
    ]
  })
}
