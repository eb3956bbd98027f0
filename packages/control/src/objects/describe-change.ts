// Changes of objects as they are stored in one transaction: each with its audit event, and the events for others.
import type { Collection } from '@crosswalk/admin-api'
import { mapInTurns } from '@crosswalk/as-core'
import type { EpochMs } from '@crosswalk/protocol'

import type { ObjectDifference } from '../audit/change-event.ts'
import type { Prepared } from '../definitions/collections/collection.ts'
import { showDefinition } from '../definitions/collections/registry.ts'
import type { DefinitionOf, Item } from '../definitions/records.ts'
import { type AdminContext, authorOf } from '../http/context.ts'
import { type BrokenTest, buildObjectEvents } from '../policy-tests/check-policy-tests.ts'
import type { SignalsPart } from '../security-events/signals.ts'
import type { ObservedChange } from '../security-events/signals-of-change.ts'
import type { Target } from './target.ts'

export interface DescribedChange<C extends Collection> {
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

interface Author extends Pick<Target, 'context'> {
  readonly parts: SignalsPart
}

export async function describeChange<C extends Collection>(
  { parts, context, collection }: Author & Pick<Target<C>, 'collection'>,
  change: DescribedChange<C>,
) {
  const securityEvents = await parts.signals.buildEventsOfChanges([observe(collection, change)])
  return { ...describeStep(context, collection, change), securityEvents }
}

/** The events for others come with the first change, because together the changes may have another effect than each of them. */
export async function describeChanges<C extends Collection>(
  { parts, context }: Author,
  changes: readonly (DescribedChange<C> & { readonly collection: C })[],
) {
  const observed = changes.map((change) => observe(change.collection, change))
  const securityEvents = await parts.signals.buildEventsOfChanges(observed)
  const steps = await mapInTurns(changes, (change) => describeStep(context, change.collection, change))
  return steps.map((step, index) => ({ ...step, securityEvents: index === 0 ? securityEvents : [] }))
}

function observe<C extends Collection>(
  collection: C,
  { item, prepared, at }: DescribedChange<C>,
): ObservedChange<C> {
  const before = item?.definition
  const after = prepared?.definition
  return { collection, before, after, at, password: prepared?.password }
}

function describeStep<C extends Collection>(
  context: AdminContext,
  collection: C,
  { verb, id, item, prepared, at, overridden }: DescribedChange<C>,
) {
  const show = (definition: DefinitionOf<C> | undefined) =>
    definition && showDefinition(collection, definition)
  const difference = {
    ...{ verb, collection, id, before: show(item?.definition), after: show(prepared?.definition) },
    secretChanged: prepared?.secretChanged === true,
  }
  return {
    ...{ collection, id, ifRevision: item?.revision ?? 0, at },
    ...authorOf(context),
    ...(prepared === undefined ? {} : { body: prepared.definition }),
    event: buildObjectEvents(context, at, difference, overridden),
  }
}
