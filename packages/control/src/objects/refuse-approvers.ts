// An approval rule may only ask users with a role that decides access requests. Checked when the rule is written, not when
// a user tries to decide; a role that is removed later is missing then.
import { ALLOWED } from '@crosswalk/admin-api'

import { mayDecideAll } from '../config-file/checks/approval-rules.ts'
import { findRole } from '../definitions/find-role.ts'
import { type NextDefinitions, previewUsers } from '../definitions/preview-world.ts'
import type { Problem } from '../http/problem.ts'
import { invalidRequest } from '../http/read-request.ts'
import type { Parts } from '../parts.ts'

export async function refuseApprovers(
  { configuration, directory }: Parts<'configuration' | 'directory'>,
  next: NextDefinitions,
): Promise<Problem | undefined> {
  const now = directory.current().world['approval-rules']
  const changed = [...(next['approval-rules'] ?? [])].filter(([id, item]) => now.get(id) !== item)
  if (changed.length === 0) return undefined
  const users = previewUsers(directory.current(), next)
  const roles = configuration.admin?.roles ?? {}
  for (const [, { definition: rule }] of changed)
    for (const member of ['users', 'escalateTo'] as const)
      for (const [index, id] of (rule.ask?.[member] ?? []).entries()) {
        if (mayDecideAll(findRole(roles, await users.findById(id)), rule)) continue
        const problem = `${id} has no role that may decide the access requests of approval rule ${rule.id}`
        const fix = `name a user with one of the roles ${ALLOWED.decideRequests.join(', ')}`
        return invalidRequest([{ path: `/ask/${member}/${index}`, problem, fix }])
      }
  return undefined
}
