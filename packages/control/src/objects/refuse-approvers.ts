// An approval rule may only ask users with a role that decides access requests. Checked when the rule is written, not when
// a user tries to decide; a role that is removed later is missing then.
import { ALLOWED } from '@crosswalk/admin-api'
import { renderPointer } from '@crosswalk/protocol'

import { mayDecideAll } from '../config-file/checks/approval-rules.ts'
import { findRole } from '../definitions/find-role.ts'
import { type NextDefinitions, previewUsers } from '../definitions/preview-world.ts'
import type { EvaluationParts } from '../evaluator/parts.ts'
import type { Problem } from '../http/problem.ts'
import { invalidRequest } from '../http/read-request.ts'
import type { Parts } from '../parts.ts'

export interface WrongApprover {
  /** Id of the approval rule */
  readonly rule: string
  /** Of the user's id in the rule */
  readonly path: readonly (string | number)[]
  readonly problem: string
  readonly fix: string
}

/** @returns the users that a new or changed rule asks, and who may not decide what it matches */
export async function findWrongApprovers(
  { configuration, directory }: Pick<EvaluationParts, 'configuration' | 'directory'>,
  next: NextDefinitions,
): Promise<readonly WrongApprover[]> {
  const now = directory.current().world['approval-rules']
  const changed = [...(next['approval-rules'] ?? [])].filter(([id, item]) => now.get(id) !== item)
  if (changed.length === 0) return []
  const users = previewUsers(directory.current(), next)
  const roles = configuration.admin?.roles ?? {}
  const wrong: WrongApprover[] = []
  for (const [, { definition: rule }] of changed)
    for (const member of ['users', 'escalateTo'] as const)
      for (const [index, id] of (rule.ask?.[member] ?? []).entries()) {
        if (mayDecideAll(findRole(roles, await users.findById(id)), rule)) continue
        const problem = `${id} has no role that may decide the access requests of approval rule ${rule.id}`
        const fix = `name a user with one of the roles ${ALLOWED.decideRequests.join(', ')}`
        wrong.push({ rule: rule.id, path: ['ask', member, index], problem, fix })
      }
  return wrong
}

export async function refuseApprovers(
  parts: Parts<'configuration' | 'directory'>,
  next: NextDefinitions,
): Promise<Problem | undefined> {
  const wrong = await findWrongApprovers(parts, next)
  return wrong.length === 0
    ? undefined
    : invalidRequest(wrong.map(({ path, problem, fix }) => ({ path: renderPointer(path), problem, fix })))
}
