// Which users an assignment covers.
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
  /** Whether a suspended user is also inactive by definition, and stays so when resumed */
  readonly disabled?: boolean
}

/** @returns the assignment that covers the user (`everyone`, `user:ID` or `group:NAME`); undefined if none does */
export function findAssignment(
  assignments: Assignments,
  user: Pick<EvaluatedUser, 'id' | 'groups'>,
): string | undefined {
  if (assignments.everyone) return 'everyone'
  if (assignments.users.includes(user.id)) return `user:${user.id}`
  const group = user.groups.find((name) => assignments.groups.includes(name))
  return group === undefined ? undefined : `group:${group}`
}

/** Whether a user may use an app: both are active, and the user is assigned. */
export function mayUse(
  user: Pick<EvaluatedUser, 'id' | 'groups' | 'active'>,
  app: { readonly active: boolean; readonly assignments: Assignments },
): boolean {
  return user.active && app.active && findAssignment(app.assignments, user) !== undefined
}

interface Assigned {
  readonly assignments: Assignments
}

export interface ConnectionEnds {
  readonly connection: Assigned
  readonly app: Assigned
  readonly resourceApp: Assigned
}

/** Whether an app can act for the user over a connection. An access grant replaces all assignments but the app's. */
export function isCovered(
  user: Pick<EvaluatedUser, 'id' | 'groups'>,
  { connection, app, resourceApp }: ConnectionEnds,
  isGranted: boolean,
): boolean {
  const needed = isGranted ? [app] : [connection, app, resourceApp]
  return needed.every(({ assignments }) => findAssignment(assignments, user) !== undefined)
}

/** Describes an assignment in words, for the `expected` of a check. */
export function describeAssignments({ everyone, users, groups }: Assignments): string {
  if (everyone) return 'everyone'
  const parts = [...groups.map((name) => `member of ${name}`), ...users.map((id) => `user ${id}`)]
  return parts.length === 0 ? 'no user is assigned' : parts.join(' or ')
}

/** @returns the user's value for a claim or subject; undefined if the user has none that the server vouches for */
export function readUserSource(
  source: string,
  user: EvaluatedUser,
): string | number | boolean | readonly string[] | undefined {
  if (source.startsWith('user.attributes.')) return user.attributes[source.slice('user.attributes.'.length)]
  switch (source) {
    case 'user.id':
      return user.id
    case 'user.username':
      return user.username
    case 'user.name':
      return user.name
    case 'user.groups':
      return user.groups
    case 'user.email':
      return user.emailVerified ? user.email : undefined
    default:
      return undefined
  }
}
