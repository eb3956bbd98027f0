// An approval rule may only ask users with a role that decides access requests. Checked when the rule is written, not when
// a user tries to decide; a role that is removed later is missing then.
import { ALLOWED, type Role } from '@crosswalk/admin-api'

import { findRole } from '../definitions/find-role.ts'
import { type NextDefinitions, previewUsers } from '../definitions/preview-world.ts'
import type { Problem } from '../http/problem.ts'
import { invalidRequest } from '../http/read-request.ts'
import type { Parts } from '../parts.ts'

const DECIDING: readonly Role[] = ALLOWED.decideRequests

export async function refuseApprovers(
  { configuration, directory }: Parts<'configuration' | 'directory'>,
  next: NextDefinitions,
): Promise<Problem | undefined> {
  const now = directory.current().world['approval-rules']
  const changed = [...(next['approval-rules'] ?? [])].filter(([id, item]) => now.get(id) !== item)
  if (changed.length === 0) return undefined
  const users = previewUsers(directory.current(), next)
  const roles = configuration.admin?.roles ?? {}
  for (const [
    id,
    {
      definition: { ask },
    },
  ] of changed)
    for (const member of ['users', 'escalateTo'] as const)
      for (const [index, name] of (ask?.[member] ?? []).entries()) {
        const role = findRole(roles, await users.findById(name))?.role
        if (role !== undefined && DECIDING.includes(role)) continue
        const problem = `${name} has no role that may decide access requests (approval rule ${id})`
        const fix = `name a user with one of the roles ${DECIDING.join(', ')}`
        return invalidRequest([{ path: `/ask/${member}/${index}`, problem, fix }])
      }
  return undefined
}
