// A change of an object as it is stored: with its audit event, and the events for others.
import type { Collection } from '@crosswalk/admin-api'
import type { EpochMs } from '@crosswalk/protocol'

import type { ObjectDifference } from '../audit/change-event.ts'
import type { Prepared } from '../definitions/collections/collection.ts'
import { showDefinition } from '../definitions/collections/registry.ts'
import type { DefinitionOf, Item } from '../definitions/records.ts'
import { authorOf } from '../http/context.ts'
import { type BrokenTest, buildObjectEvents } from '../policy-tests/check-policy-tests.ts'
import type { SignalsPart } from '../security-events/signals.ts'
import type { Target } from './target.ts'

interface DescribedChange<C extends Collection> {
  readonly verb: ObjectDifference['verb']
  readonly id: string
  /** Undefined for a new object */
  readonly item: Pick<Item<DefinitionOf<C>>, 'definition' | 'revision'> | undefined
  /** Undefined for a deletion */
  readonly prepared: Pick<Prepared<C>, 'definition' | 'password' | 'secretChanged'> | undefined
  readonly at: EpochMs
  /** Policy tests that fail with the change, which was made anyway */
  readonly overridden: readonly BrokenTest[]
}

interface Changing<C extends Collection> extends Pick<Target<C>, 'context' | 'collection'> {
  readonly parts: SignalsPart
}

export async function describeChange<C extends Collection>(
  { parts, context, collection }: Changing<C>,
  { verb, id, item, prepared, at, overridden }: DescribedChange<C>,
) {
  const show = (definition: DefinitionOf<C> | undefined) =>
    definition && showDefinition(collection, definition)
  const before = item?.definition
  const after = prepared?.definition
  const change = { collection, before, after, at, password: prepared?.password }
  return {
    collection,
    id,
    ifRevision: item?.revision ?? 0,
    at,
    ...authorOf(context),
    event: buildObjectEvents(
      context,
      at,
      {
        verb,
        collection,
        id,
        before: show(before),
        after: show(after),
        secretChanged: prepared?.secretChanged === true,
      },
      overridden,
    ),
    securityEvents: await parts.signals.buildEventsOfChange(change),
  }
}
