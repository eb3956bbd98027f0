// Whether an approval rule may approve a request: what an approver may not do, the users who wrote the rule may not do by a
// rule. Whatever cannot be judged waits for a user.
import type { AccessRequest } from '@crosswalk/admin-api'
import type { ApprovalRule } from '@crosswalk/protocol'

import { readStored } from '../definitions/read-stored.ts'
import type { AccessGrantRecord } from '../definitions/records.ts'
import { ACTS } from '../definitions/stored-acts.ts'
import { iterateObjects } from '../definitions/stored-items.ts'
import type { Parts } from '../parts.ts'
import { listRequestsOf } from './access-request-records.ts'
import { findOwn } from './judge-decider.ts'
import { findRoute } from './route-request.ts'
import { findSecondAccount, renderDeciderChange } from './second-account.ts'

type JudgingParts = Parts<'configuration' | 'directory' | 'storage'>

/** A rule that approves, a rule about such access that does not, or neither. */
export type RuleVerdict =
  | { readonly rule: ApprovalRule; readonly obstacle?: undefined }
  | { readonly rule: ApprovalRule; readonly obstacle: string }
  | undefined

/**
 * @param findNo - the earlier decision against the same access, found once for several requests that differ in days
 * @returns the first rule that may approve the request, by id; if none may, the first about such access with its obstacle
 */
export async function judgeRules(
  parts: JudgingParts,
  request: AccessRequest,
  findNo = () => findEarlierNo(parts, request),
): Promise<RuleVerdict> {
  const route = findRoute(parts, request)
  if (route.effect === 'none') return route.near
  const [first] = route.rules
  if (route.effect === 'ask' || first === undefined) return undefined
  const obstacle = route.obstacle ?? (await findNo())
  if (obstacle !== undefined) return { rule: first, obstacle }
  const judged: NonNullable<RuleVerdict>[] = []
  for (const rule of route.rules) {
    const interest = await findInterest(parts, rule, request)
    if (interest === undefined) return { rule }
    judged.push({ rule, obstacle: interest })
  }
  return judged[0]
}

/**
 * Rules rest on the risks in the catalogue too, and some on the kind or the owners of the app, so who changed these
 * counts as an author. An account counts as the
 * requester's if they ever created or changed it: unlike a decision, a rule comes before the request.
 *
 * @returns why one of the authors is not independent
 */
async function findInterest(
  parts: JudgingParts,
  rule: ApprovalRule,
  request: AccessRequest,
): Promise<string | undefined> {
  const { objects } = parts.storage
  const { kind, hasOwner } = rule.when
  const readsApp = kind !== undefined || hasOwner !== undefined
  const revisions = [
    ...(await objects.history('approval-rules', rule.id)),
    ...(await objects.history('resource-apps', request.resourceApp)),
    ...(readsApp ? await objects.history('apps', request.app) : []),
  ]
  for (const author of new Set(revisions.map(({ by }) => by))) {
    // Not even owners approve their own requests by rule.
    const own = findOwn(parts, request, { id: author, role: 'administrator' }, author)
    const obstacle = own ?? (await findSecondAuthor(parts, author, request))
    if (obstacle !== undefined)
      return `${author} wrote the rule or changed what it relies on, and ${obstacle}`
  }
  return undefined
}

async function findSecondAuthor(
  parts: JudgingParts,
  author: string,
  { askedBy, user }: AccessRequest,
): Promise<string | undefined> {
  const { since } = await findSecondAccount(parts, { id: author }, { of: [askedBy, user], at: 0 })
  return since && renderDeciderChange(since, author)
}

type AccessPlace = Pick<AccessRequest, 'user' | 'app' | 'resourceApp'>

/** A rule does not undo what a user decided. @returns the earlier decision against the same access */
export async function findEarlierNo(
  parts: Parts<'storage'>,
  request: AccessPlace,
): Promise<string | undefined> {
  const isSame = ({ user, app, resourceApp }: AccessPlace) =>
    user === request.user && app === request.app && resourceApp === request.resourceApp
  const own = await listRequestsOf(parts, request.user)
  const declined = own.find((other) => other.state === 'declined' && isSame(other))
  if (declined !== undefined) return `the request ${declined.id} for this access was declined`
  // Parse only what may count: grants are kept permanently.
  for await (const stored of iterateObjects(parts.storage.objects, ACTS.accessGrants)) {
    if ((stored.body as AccessGrantRecord).user !== request.user) continue
    const grant = readStored(ACTS.accessGrants, stored)
    if (grant.state === 'revoked' && isSame(grant))
      return `the access grant ${grant.id} for this access was revoked`
  }
  return undefined
}
