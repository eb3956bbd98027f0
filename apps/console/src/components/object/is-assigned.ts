import type { Assignments } from './assignment-fields.tsx'

interface User {
  readonly id: string
  readonly memberOf: readonly string[]
}

/** Whether an assignment includes a user, active or not. */
export function isAssigned({ everyone, users, groups }: Assignments, { id, memberOf }: User): boolean {
  return everyone || users.includes(id) || memberOf.some((group) => groups.includes(group))
}
