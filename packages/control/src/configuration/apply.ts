// Applies a plan: all its changes in one transaction, each with its audit event, or none.
import type { ConfigurationPlan } from '@crosswalk/admin-api'
import { inTurns } from '@crosswalk/as-core'
import type { ObjectStep } from '@crosswalk/storage'

import { warmSchemas } from '../definitions/warm-schemas.ts'
import { buildAdminEvent } from '../audit/change-event.ts'
import { checkChange } from '../objects/check-change.ts'
import { type AdminContext, authorOf } from '../http/context.ts'
import { checkIfMatch } from '../http/etag.ts'
import { revokeAfterChange } from '../objects/after-change.ts'
import { describeChanges } from '../objects/describe-change.ts'
import { describeAllEnds } from '../objects/describe-ends.ts'
import type { WriteParts } from '../objects/target.ts'
import type { Parts } from '../parts.ts'
import { buildProblem, type Problem } from '../http/problem.ts'
import { type BrokenTest, buildOverrideEvent } from '../policy-tests/check-policy-tests.ts'
import { APPLIED } from './manual-changes.ts'
import { readDocument } from './read-document.ts'
import {
  type Draft,
  draftPlan,
  isEffective,
  type PlanRequest,
  renderPlan,
  type Step,
  taggedPart,
} from './plan.ts'

export async function applyDocument(
  parts: WriteParts & Parts<'sealing'>,
  request: PlanRequest,
  context: AdminContext,
): Promise<ConfigurationPlan | Problem> {
  await warmSchemas(readDocument(request.document).listed.map(({ input }) => input))
  const draft = await draftPlan(parts, request)
  const plan = await renderPlan(parts, draft)
  if (checkIfMatch(context.ifMatch, taggedPart(plan)) !== undefined) return outdated()
  const problem = checkApplicable(draft)
  if (problem !== undefined) return problem
  const steps = draft.steps.filter(isEffective)
  if (steps.length === 0) return { ...plan, failedTests: [] }
  const collections = steps.map(({ change }) => change.collection)
  const verdict = await checkChange(parts, context, { collections, next: draft.next })
  if ('refusal' in verdict) return verdict.refusal
  // Before the transaction, because argon2id is slow.
  const hashes = await hashPasswords(parts, steps)
  const application = { steps, context, nowMs: parts.clock.nowMs() }
  const outcome = await parts.directory.changeAll([
    ...(await buildChanges(parts, application, hashes)),
    ...(await buildEnds(parts, application)),
    buildApplication({ ...application, overridden: verdict.overridden }),
  ])
  if (!outcome.ok) return outdated()
  await settle(parts, { steps, context })
  return { ...plan, failedTests: [...verdict.overridden] }
}

/** The plan no longer shows what applying the document would change. */
function outdated(): Problem {
  return buildProblem('stale', {
    detail: 'The definitions have changed since this plan; nothing was changed.',
    errors: [{ path: '/If-Match', problem: 'is not the ETag of the current plan', fix: 'make a new plan' }],
  })
}

function checkApplicable({ problems, steps }: Draft): Problem | undefined {
  if (problems.length > 0)
    return buildProblem('invalid-request', {
      detail: 'The plan has problems; nothing was changed.',
      errors: problems.slice(0, 100),
    })
  const blocked = steps.flatMap(({ change }) =>
    change.action === 'blocked' ? [`${change.collection}/${change.id}`] : [],
  )
  if (blocked.length === 0) return undefined
  const names = blocked.slice(0, 10).join(', ')
  return buildProblem('owned-by-file', {
    detail: `The configuration file of the server owns ${names}${blocked.length > 10 ? ' and others' : ''}. Change it there, or make the document match the file; nothing was changed.`,
  })
}

async function hashPasswords(
  { hashPassword }: Parts<'hashPassword'>,
  steps: readonly Step[],
): Promise<ReadonlyMap<string, string>> {
  const hashes = new Map<string, string>()
  for (const { change, prepared } of steps)
    if (typeof prepared?.password === 'string') hashes.set(change.id, await hashPassword(prepared.password))
  return hashes
}

const VERBS = { create: 'created', change: 'changed', delete: 'deleted' } as const

interface Application {
  readonly steps: readonly Step[]
  readonly context: AdminContext
  readonly nowMs: number
}

async function buildChanges(
  parts: WriteParts,
  { steps, context, nowMs: at }: Application,
  hashes: ReadonlyMap<string, string>,
): Promise<readonly ObjectStep[]> {
  const described = await describeChanges(
    { parts, context },
    steps.map(({ change: { action, collection, id, secrets }, item, prepared }) => ({
      ...{ verb: VERBS[action as keyof typeof VERBS], collection, id, item, at, overridden: [] },
      prepared: prepared && { ...prepared, secretChanged: secrets.length > 0 },
    })),
  )
  return described.map((step, index) => {
    const hash = step.collection === 'users' ? hashes.get(step.id) : undefined
    return { ...step, passwordHash: steps[index]?.prepared?.password === null ? null : hash }
  })
}

function buildEnds(parts: WriteParts, { steps, context }: Application): Promise<readonly ObjectStep[]> {
  return describeAllEnds(
    { parts, context },
    steps.map(({ change: { collection }, item, prepared }) => ({
      collection,
      before: item?.definition,
      after: prepared?.definition,
    })),
  )
}

/** Last in the transaction, so that any object with a greater revision was changed by hand. */
function buildApplication({
  steps,
  context,
  nowMs,
  overridden,
}: Application & { readonly overridden: readonly BrokenTest[] }) {
  const count = (action: Step['change']['action']) =>
    steps.filter(({ change }) => change.action === action).length
  const change = { created: count('create'), changed: count('change'), deleted: count('delete') }
  const target = { kind: 'configuration', id: 'objects' }
  const applied = buildAdminEvent(context, nowMs, {
    type: 'configuration.applied',
    category: 'governance',
    target,
    change,
  })
  return {
    ...APPLIED,
    at: nowMs,
    ...authorOf(context),
    body: change,
    event:
      overridden.length === 0
        ? applied
        : [applied, buildOverrideEvent(context, nowMs, { target, overridden })],
  }
}

/** Follow-up work: revokes access after users or connections were suspended or removed, and after password changes. */
async function settle(
  parts: WriteParts,
  { steps, context }: { readonly steps: readonly Step[]; readonly context: AdminContext },
): Promise<void> {
  for await (const { change, item, prepared } of inTurns(steps))
    await revokeAfterChange({ parts, context, collection: change.collection }, {
      before: item?.definition,
      after: prepared?.definition,
      password: prepared?.password,
    } as never)
}
