// Schemas of authorization details are compiled one at a time, before anything is checked against them or comes into
// force, so that twenty of them keep no one waiting for twenty times as long.
import { setImmediate as othersTurn } from 'node:timers/promises'

import { compileDetailsSchema } from '@crosswalk/as-core'

interface WithTypes {
  readonly authorizationDetailsTypes?: unknown
}

/** What was compiled before costs nothing. */
export async function warmSchemas(definitions: Iterable<object>): Promise<void> {
  for (const schema of listSchemas(definitions)) {
    compileDetailsSchema(schema)
    await othersTurn()
  }
}

function* listSchemas(definitions: Iterable<WithTypes>): Generator<Readonly<Record<string, unknown>>> {
  for (const { authorizationDetailsTypes: types } of definitions)
    for (const entry of Array.isArray(types) ? (types as unknown[]) : [])
      if (
        typeof entry === 'object' &&
        entry !== null &&
        'schema' in entry &&
        typeof entry.schema === 'object'
      )
        if (entry.schema !== null) yield entry.schema as Readonly<Record<string, unknown>>
}
