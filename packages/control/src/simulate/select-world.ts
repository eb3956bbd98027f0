// Selects the definitions for a simulation: the current ones, those of a past moment, or those of a draft.
import { ALLOWED, type ConfigurationDocument, toEpochMs } from '@crosswalk/admin-api'
import type { ExchangeSnapshot } from '@crosswalk/policy'

import type { EvaluationParts } from '../evaluator/parts.ts'
import type { CompiledWorld } from '../definitions/compile-world.ts'
import { draftPlan } from '../configuration/plan.ts'
import type { Caller } from '../http/context.ts'
import { buildProblem, forbidden, noIdentityProvider, type Problem } from '../http/problem.ts'
import { invalidRequest } from '../http/read-request.ts'

/** A world with an IdP. */
export type WorldWithIdp = CompiledWorld & { readonly exchange: ExchangeSnapshot }

export interface WorldChoice {
  /** RFC 3339 */
  readonly asOf?: string | undefined
  readonly draft?: ConfigurationDocument | undefined
}

/**
 * Whether a request is evaluated in the evaluator's thread. Current definitions are compiled already, and were limited
 * when they were saved. Each unknown input multiplies the evaluations.
 */
export function needsEvaluator({
  asOf,
  draft,
  unknown,
}: WorldChoice & { readonly unknown?: readonly unknown[] | undefined }): boolean {
  return asOf !== undefined || draft !== undefined || unknown !== undefined
}

export async function selectWorld(
  parts: EvaluationParts,
  { asOf, draft }: WorldChoice,
  { role }: Pick<Caller, 'role'>,
): Promise<WorldWithIdp | Problem> {
  if (asOf !== undefined && draft !== undefined)
    return invalidRequest([
      { path: '/draft', problem: 'applies to current definitions, so cannot be combined with `asOf`' },
    ])
  // The problems of a draft reveal existing definitions.
  if (draft !== undefined && !ALLOWED.seeRules.some((one) => one === role))
    return forbidden(`${role} may not try drafts.`)
  const world =
    draft === undefined
      ? await findPast(parts, asOf)
      : await previewDraft(parts, { document: draft, at: '/draft' })
  if ('problem' in world) return world
  const { exchange } = world
  if (exchange === undefined) return noIdentityProvider()
  return { ...world, exchange }
}

async function findPast(
  { directory, clock }: EvaluationParts,
  asOf: string | undefined,
): Promise<CompiledWorld | Problem> {
  if (asOf === undefined) return directory.current()
  const atMs = toEpochMs(asOf)
  if (atMs > clock.nowMs()) return invalidRequest([{ path: '/asOf', problem: 'is in the future' }])
  if (directory.at === undefined) throw new Error('only the evaluator can compile past definitions')
  return directory.at(atMs)
}

/** Includes objects that the file owns; otherwise the draft is checked as when it is applied. */
export async function previewDraft(
  parts: EvaluationParts,
  {
    document,
    prune = false,
    at,
  }: {
    readonly document: ConfigurationDocument
    readonly prune?: boolean
    /** JSON Pointer of the document in the request */
    readonly at: string
  },
): Promise<CompiledWorld | Problem> {
  const { problems, next } = await draftPlan(parts, { document, prune, setSecrets: false, withFile: true })
  if (problems.length === 0) return parts.directory.preview(next)
  return buildProblem('invalid-request', {
    detail: 'The draft has problems.',
    errors: problems.slice(0, 100).map(({ path, ...rest }) => ({ path: at + path, ...rest })),
  })
}
