// JSON Schemas of authorization details types that could check nothing.
import { compileDetailsSchema } from '@crosswalk/as-core'
import type { AuthorizationServerDefinition, ResourceAppDefinition } from '@crosswalk/protocol'

import type { Finding } from '../finding.ts'
import type { Entry } from '../view.ts'
import type { Check } from './check.ts'

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
