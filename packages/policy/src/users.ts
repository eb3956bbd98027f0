// Who is meant by an assignment.
import type { Assignments } from '@crosswalk/protocol'

/** A user as the evaluator sees them. */
export interface EvaluatedUser {
  readonly id: string
  readonly username: string
  readonly email?: string | undefined
  readonly emailVerified: boolean
  readonly name?: string | undefined
  readonly groups: readonly string[]
  readonly attributes: Readonly<Record<string, string | number | boolean>>
  readonly active: boolean
}

/** @returns through what the user is assigned (`everyone`, `user:ID` or `group:NAME`), undefined if not at all */
export function findAssignment(
  assignments: Assignments,
  person: Pick<EvaluatedUser, 'id' | 'groups'>,
): string | undefined {
  if (assignments.everyone) return 'everyone'
  if (assignments.users.includes(person.id)) return `user:${person.id}`
  const group = person.groups.find((name) => assignments.groups.includes(name))
  return group === undefined ? undefined : `group:${group}`
}

/** Whether a user may use an app as both are defined: both active, and the user assigned. */
export function mayUse(
  person: Pick<EvaluatedUser, 'id' | 'groups' | 'active'>,
  app: { readonly active: boolean; readonly assignments: Assignments },
): boolean {
  return person.active && app.active && findAssignment(app.assignments, person) !== undefined
}

/** What an assignment asks for, in words, for the `expected` of a check. */
export function describeAssignments({ everyone, users, groups }: Assignments): string {
  if (everyone) return 'everyone'
  const parts = [...groups.map((name) => `member of ${name}`), ...users.map((id) => `user ${id}`)]
  return parts.length === 0 ? 'no user is assigned' : parts.join(' or ')
}

/** @returns the value a claim or subject takes from the user; undefined where there is none to vouch for */
export function readUserSource(
  source: string,
  person: EvaluatedUser,
): string | number | boolean | readonly string[] | undefined {
  if (source.startsWith('user.attributes.')) return person.attributes[source.slice('user.attributes.'.length)]
  switch (source) {
    case 'user.id':
      return person.id
    case 'user.username':
      return person.username
    case 'user.name':
      return person.name
    case 'user.groups':
      return person.groups
    case 'user.email':
      return person.emailVerified ? person.email : undefined
    default:
      return undefined
  }
}
