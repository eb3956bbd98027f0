// Opens an access request, or says what would happen to it. If an approval rule approves it, request, approval and access
// grant are one change: there is no moment at which a crash leaves a part of them.
import type { AccessRequest } from '@crosswalk/admin-api'
import { newId } from '@crosswalk/as-core'
import { type ApprovalRule, dropUndefined } from '@crosswalk/protocol'

import { describeApprovalRule, nameUser } from '../definitions/name-objects.ts'
import { type AdminContext, principalOf, systemContext } from '../http/context.ts'
import { isProblem, type Problem } from '../http/problem.ts'
import type { Parts } from '../parts.ts'
import { checkGrant, storeGrant } from './access-grant-records.ts'
import { storeRequest } from './access-request-records.ts'
import { type PreparedApproval, prepareApproval } from './approve-access.ts'
import { findStop } from './find-stop.ts'
import { showObstacle } from './judge-decider.ts'
import { judgeRules } from './judge-rule.ts'
import { findAskedNow, type RequestedAccess } from './route-request.ts'

type OpeningParts = Parts<'configuration' | 'directory' | 'storage' | 'clock'>
type FindNo = Parameters<typeof judgeRules>[2]

/** @param wanted - already validated; `user` is the id. @returns the request, durable */
export async function openRequest(
  parts: OpeningParts,
  context: AdminContext,
  wanted: RequestedAccess & Pick<AccessRequest, 'reason'>,
  id: string = newId('req'),
): Promise<AccessRequest> {
  const request = buildRequest(parts, context, wanted, id)
  const judged = await judge(parts, request)
  if (judged?.approval !== undefined) {
    const { context: ofRule, grant, answered } = judged.approval
    const both = { grant, answered: { ...answered, opened: { request, context } } }
    const problem = await storeGrant(parts, ofRule, both)
    if (problem === undefined) return answered.request
    return storeOpen(parts, context, waitFor(request, judged.rule, renderProblem(problem)))
  }
  return storeOpen(
    parts,
    context,
    judged?.why === undefined ? request : waitFor(request, judged.rule, judged.why),
  )
}

/** What would happen to a request of the caller now; nothing is stored. @param findNo - see `judgeRules` */
export async function previewRequest(
  parts: OpeningParts,
  context: Pick<AdminContext, 'caller'>,
  wanted: RequestedAccess,
  findNo?: FindNo,
) {
  const request = buildRequest(parts, context, { ...wanted, reason: '' }, 'preview')
  const judged = await judge(parts, request, findNo)
  if (judged?.approval !== undefined) {
    const { rule, approval } = judged
    const verdict = await checkGrant(parts, approval.context, approval.grant)
    if (!('refusal' in verdict)) {
      const sentence = `The approval rule ${rule.id} approves it at once.`
      return { outcome: 'approved', rule: rule.id, sentence } as const
    }
    const why = showObstacle(renderProblem(verdict.refusal), context.caller)
    return { outcome: 'waits', sentence: `${renderWait(rule, why)} A user decides.` } as const
  }
  const asked = findAskedNow(parts, request)
  const why =
    judged?.why === undefined ? '' : `${renderWait(judged.rule, showObstacle(judged.why, context.caller))} `
  const who =
    asked === undefined
      ? 'A user with the right role decides.'
      : `The approval rule ${asked.rules.join(', ')} asks ${(await nameUsers(parts, asked.users)).join(' or ')}.`
  return { outcome: 'waits', sentence: `${why}${who}`, ...dropUndefined({ asked }) } as const
}

async function nameUsers(
  { directory }: Parts<'directory'>,
  ids: readonly string[],
): Promise<readonly string[]> {
  const found = await directory.current().users.findMany(ids)
  return ids.map((id) => nameUser(found.get(id)) ?? id)
}

interface Judged {
  readonly rule: ApprovalRule
  /** Not stored, and not checked against policy tests */
  readonly approval?: PreparedApproval & { readonly context: AdminContext }
  /** Why the rule does not approve, although it is about such access */
  readonly why?: string
}

async function judge(
  parts: OpeningParts,
  request: AccessRequest,
  findNo?: FindNo,
): Promise<Judged | undefined> {
  const { rule, obstacle } = (await judgeRules(parts, request, findNo)) ?? {}
  if (rule === undefined) return undefined
  if (obstacle !== undefined) return { rule, why: obstacle }
  const context = await contextOf(parts, rule)
  const approval = await prepareApproval(parts, context, { request, rule: rule.id })
  if (isProblem(approval)) return { rule, why: renderProblem(approval) }
  const why = findStop(parts, approval.grant)
  return why === undefined ? { rule, approval: { context, ...approval } } : { rule, why }
}

/** Unlike work that is due, an approval must pass the policy tests. */
async function contextOf({ directory }: Parts<'directory'>, rule: ApprovalRule): Promise<AdminContext> {
  const sentence = await describeApprovalRule(directory.current(), rule)
  const { stops: _, ...context } = systemContext(`Approval rule ${rule.id}: ${sentence}`)
  return context
}

function buildRequest(
  { clock }: Parts<'clock'>,
  { caller }: Pick<AdminContext, 'caller'>,
  { user, app, resourceApp, scopes, days, reason }: Parameters<typeof openRequest>[2],
  id: string,
): AccessRequest {
  return {
    ...{ id, state: 'open', user, app, resourceApp, scopes: [...new Set(scopes)] },
    ...dropUndefined({ days }),
    reason,
    askedBy: principalOf(caller),
    askedAt: new Date(clock.nowMs()).toISOString(),
  }
}

async function storeOpen(
  parts: OpeningParts,
  context: AdminContext,
  request: AccessRequest,
): Promise<AccessRequest> {
  await storeRequest(parts, context, { request, type: 'request.opened' })
  return request
}

function waitFor(request: AccessRequest, { id }: ApprovalRule, why: string): AccessRequest {
  return { ...request, waits: { rule: id, why } }
}

function renderWait({ id }: ApprovalRule, why: string): string {
  return `The approval rule ${id} does not approve it: ${why.replace(/\.$/, '')}.`
}

function renderProblem({ problem: { title, detail = title } }: Problem): string {
  return detail
}
