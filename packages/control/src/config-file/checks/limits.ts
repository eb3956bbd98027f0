// How much there may be of what every request, or everybody who asks, has to wait for.
import { compileDetailsSchema } from '@crosswalk/as-core'
import type { AuthorizationServerDefinition, ResourceAppDefinition } from '@crosswalk/protocol'

import type { Path, Finding } from '../finding.ts'
import type { Check } from './check.ts'
import type { Entry } from '../view.ts'

/** Those that no index keeps away are judged with every request. */
export const MAX_POLICIES = 2000
/** Each is code that was compiled. */
export const MAX_SCHEMAS = 200

export const checkLimits: Check = ({ policies, resourceApps, servers }) => {
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
      fix: 'join those that say nearly the same, or remove what is no longer needed',
    },
  ]
}

/** JSON Schemas of authorization details types that could check nothing. */
export const checkDetailsSchemas: Check = (view) =>
  [...view.resourceApps, ...view.servers].flatMap(checkSchemas)

function checkSchemas({
  path,
  value,
}: Entry<ResourceAppDefinition> | Entry<AuthorizationServerDefinition>): readonly Finding[] {
  return (value?.authorizationDetailsTypes ?? []).flatMap((entry, index) => {
    if (typeof entry === 'string' || entry.schema === undefined) return []
    const compiled = compileDetailsSchema(entry.schema)
    if (compiled.accepted) return []
    return [
      {
        path: [...path, 'authorizationDetailsTypes', index, 'schema'],
        at: 'key',
        what: `the schema of ${entry.type} cannot be used: ${compiled.refusal}`,
        fix: 'write a JSON Schema (2020-12) that stands by itself, with references to its own `$defs` only',
      },
    ]
  })
}
