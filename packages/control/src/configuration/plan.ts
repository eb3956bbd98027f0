// Computes the changes that would make the current definitions match a document. Changes nothing.
import { mapInTurns } from '@crosswalk/as-core'
import {
  type Collection,
  type ConfigurationDocument,
  type ConfigurationPlan,
  type InputOf,
  type PlannedChange,
} from '@crosswalk/admin-api'

import type { DefinitionOf, Item, Items } from '../definitions/records.ts'
import type { NextDefinitions } from '../definitions/preview-world.ts'
import { readItems } from '../definitions/users/user-items.ts'
import type { EvaluationParts } from '../evaluator/parts.ts'
import type { Prepared } from '../definitions/collections/collection.ts'
import { SECTIONS, showDefinition } from '../definitions/collections/registry.ts'
import { prepare } from '../objects/prepare.ts'
import { findDifferences } from '../definitions/differences.ts'
import { checkPlan } from './check-plan.ts'
import { findManualChanges, findLastApplied } from './manual-changes.ts'
import { type DocumentObject, type PlanProblem, readDocument } from './read-document.ts'
import { extractSecrets, refuseFileSecrets } from './secrets.ts'

export interface PlanRequest {
  readonly document: ConfigurationDocument
  readonly prune: boolean
  readonly setSecrets: boolean
  /** true: treats file-owned objects as the document has them, for previews only; never to apply */
  readonly withFile?: boolean
}

/** A change to one object; without `prepared` it is a deletion. */
export interface Step<C extends Collection = Collection> {
  readonly change: Omit<PlannedChange, 'byHand' | 'collection'> & { readonly collection: C }
  readonly item: Item<DefinitionOf<C>> | undefined
  readonly prepared: Prepared<C> | undefined
  readonly problems: readonly PlanProblem[]
}

export interface Draft {
  readonly steps: readonly Step[]
  readonly unchanged: number
  readonly problems: readonly PlanProblem[]
  /** The definitions after the change */
  readonly next: NextDefinitions
}

export async function draftPlan(parts: EvaluationParts, request: PlanRequest): Promise<Draft> {
  const { world, users } = parts.directory.current()
  const { listed, sections, problems } = readDocument(request.document)
  // A directory may have a hundred thousand users, while most documents list none.
  const now: Items = { ...world, users: sections.has('users') ? await readItems(users.items) : new Map() }
  const compared: readonly Step[] = await mapInTurns(listed, (it) => compare({ ...parts, now }, it, request))
  const steps = [
    ...compared.flatMap((step) => (isUnchanged(step) ? [] : [step])),
    ...findExtra(now, { listed, sections, prune: request.prune }),
  ]
  const isTaken = (step: Step) =>
    isEffective(step) || (request.withFile === true && step.change.action === 'blocked')
  const taken = steps.filter(isTaken)
  const after = makeNext(now, taken)
  const next = describeNext(taken, after)
  const changes = steps.map(({ change }) => change)
  const found = await checkPlan(parts, { changes, listed, sections, now, after, next })
  return {
    steps,
    unchanged: compared.filter(isUnchanged).length,
    problems: [...problems, ...compared.flatMap((step) => step.problems), ...found],
    next,
  }
}

/** @returns the plan as console and scripts see it, with manual changes */
export async function renderPlan(
  parts: EvaluationParts,
  draft: Draft,
): Promise<Omit<ConfigurationPlan, 'failedTests'>> {
  const lastApplied = await findLastApplied(parts)
  const questions = draft.steps.map(({ change, item }) => ({ ...change, revision: item?.revision }))
  const byHand = await findManualChanges(parts, questions, lastApplied)
  const changes = draft.steps.map(({ change }, index) => ({ ...change, byHand: byHand[index] ?? [] }))
  return {
    schema: 'crosswalk.plan/v1',
    revision: parts.directory.current().world.revision,
    changes,
    unchanged: draft.unchanged,
    problems: [...draft.problems],
    lastApplied: lastApplied ?? null,
  }
}

/** Of what applying would do: access requests, new users and other changes in the meantime do not outdate a plan. */
export function taggedPart({
  revision: _,
  ...plan
}: Omit<ConfigurationPlan, 'failedTests'>): Omit<ConfigurationPlan, 'revision' | 'failedTests'> {
  return plan
}

function isUnchanged({ change, problems }: Step): boolean {
  const { action, differences, secrets } = change
  return action !== 'create' && differences.length === 0 && secrets.length === 0 && problems.length === 0
}

function compare<C extends Collection>(
  parts: EvaluationParts & { readonly now: Items },
  { collection, id, input, pointer }: DocumentObject & { readonly collection: C },
  { setSecrets }: PlanRequest,
): Step<C> {
  const item = parts.now[collection].get(id) as Item<DefinitionOf<C>> | undefined
  const isBlocked = item?.owner === 'file'
  const previous = item?.definition
  const taken = extractSecrets(collection, input, { previous, setSecrets: setSecrets && !isBlocked })
  const prepared = prepare(parts, { collection, input: taken.input as InputOf<C>, previous })
  const before = previous && showDefinition(collection, previous)
  const line = parts.configuration.origin?.lines[`${collection}/${id}`]
  const change = {
    action: isBlocked ? ('blocked' as const) : item === undefined ? ('create' as const) : ('change' as const),
    collection,
    id,
    differences: [...findDifferences(before, showDefinition(collection, prepared.definition))],
    secrets: [...taken.secrets],
    ...(isBlocked ? { where: describeWhere(parts, line) } : {}),
  }
  return { change, item, prepared, problems: isBlocked ? [] : checkSecrets(input, pointer, prepared) }
}

function describeWhere({ configuration: { origin } }: EvaluationParts, line: number | undefined): string {
  if (origin === undefined) return 'the configuration file'
  return line === undefined ? origin.file : `${origin.file}, line ${line}`
}

/** A secret generated here would have to be shown, so the document must provide it or an administrator creates it. */
function checkSecrets(
  input: Readonly<Record<string, unknown>>,
  pointer: string,
  { made }: Pick<Prepared<Collection>, 'made'>,
): readonly PlanProblem[] {
  const missing = [...made.keys()].map((client) => ({
    path: pointer,
    problem: `client ${client} needs a secret`,
    fix: 'set the variable that the document references, or write `auth: { method: private_key_jwt, … }`',
  }))
  const ofFile = refuseFileSecrets(input)
  return [...missing, ...ofFile.map((found) => ({ ...found, path: `${pointer}${found.path}` }))]
}

function findExtra(
  now: Items,
  {
    listed,
    sections,
    prune,
  }: {
    readonly listed: readonly DocumentObject[]
    readonly sections: ReadonlySet<Collection>
    readonly prune: boolean
  },
): readonly Step[] {
  const names = new Set(listed.map(({ collection, id }) => `${collection}/${id}`))
  // Reverse order: an object goes before the objects it refers to.
  return SECTIONS.toReversed().flatMap(({ collection }) => {
    if (!sections.has(collection)) return []
    const items = [...now[collection].values()] as readonly Item<DefinitionOf<Collection>>[]
    return items.flatMap((item) => {
      const { id } = item.definition
      if (item.owner === 'file' || names.has(`${collection}/${id}`)) return []
      const action = prune ? ('delete' as const) : ('extra' as const)
      return [
        {
          change: { action, collection, id, differences: [], secrets: [] },
          item,
          prepared: undefined,
          problems: [],
        },
      ]
    })
  })
}

const MADE: readonly PlannedChange['action'][] = ['create', 'change', 'delete']

/** @returns whether applying the plan changes the object */
export function isEffective({ change }: Pick<Step, 'change'>): boolean {
  return MADE.includes(change.action)
}

function makeNext(now: Items, steps: readonly Step[]): Items {
  const next = Object.fromEntries(
    SECTIONS.map(({ collection }) => [collection, new Map<string, Item<unknown>>(now[collection])]),
  )
  for (const { change, item, prepared } of steps) {
    const items = next[change.collection]
    if (prepared === undefined) items?.delete(change.id)
    else
      items?.set(change.id, {
        definition: prepared.definition,
        owner: 'database',
        revision: item?.revision ?? 0,
      })
  }
  return next as unknown as Items
}

function describeNext(steps: readonly Step[], { users, ...held }: Items): NextDefinitions {
  const ids = steps.flatMap(({ change }) => (change.collection === 'users' ? [change.id] : []))
  return { ...held, changedUsers: new Map(ids.map((id) => [id, users.get(id)])) }
}
