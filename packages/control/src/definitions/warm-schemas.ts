// Compiles schemas of authorization details one at a time before they are used or activated, so that many schemas do
// not block other requests at once.
import { setImmediate as nextTurn } from 'node:timers/promises'

import { compileDetailsSchema } from '@crosswalk/as-core'

interface WithTypes {
  readonly authorizationDetailsTypes?: unknown
}

/** Schemas that were compiled before are cached. */
export async function warmSchemas(definitions: Iterable<object>): Promise<void> {
  for (const schema of listSchemas(definitions)) {
    compileDetailsSchema(schema)
    await nextTurn()
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
