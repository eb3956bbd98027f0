// Turns the input of a change into the definition that is stored.
import type { Collection, InputOf } from '@crosswalk/admin-api'

import type { Prepared } from '../definitions/collections/collection.ts'
import { prepareDefinition } from '../definitions/collections/registry.ts'
import type { DefinitionOf } from '../definitions/records.ts'
import type { Parts } from '../parts.ts'

/** @param previous - the current definition, whose secrets stay unless the input has others */
export function prepare<C extends Collection>(
  { hasher, configuration, clock }: Parts<'hasher' | 'configuration' | 'clock'>,
  {
    collection,
    input,
    previous,
  }: { readonly collection: C; readonly input: InputOf<C>; readonly previous: DefinitionOf<C> | undefined },
): Prepared<C> {
  const now = new Date(clock.nowMs()).toISOString()
  return prepareDefinition(collection, input, previous, { hasher, baseUrl: configuration.baseUrl, now })
}
