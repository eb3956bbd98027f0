// Who may sign in to an app. Decides from definitions alone; the refusal page is drawn elsewhere.
import type { AppDefinition } from '@crosswalk/protocol'

import type { User } from '../ports.ts'

/** Both must be active, and the user meant by the assignments: by name, by group, or as everyone. */
export function maySignInTo(user: User, app: AppDefinition): boolean {
  if (!user.active || !app.active) return false
  const { everyone, users, groups } = app.assignments
  return everyone || users.includes(user.id) || user.groups.some((group) => groups.includes(group))
}
