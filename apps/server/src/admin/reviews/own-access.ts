// Whether somebody would review their own: nobody is a judge in their own cause, whatever their role.
import { findAssignment } from '@crosswalk/policy'
import type { ConnectionDefinition } from '@crosswalk/protocol'

import type { Item } from '../../directory/records.ts'
import type { Caller } from '../context.ts'
import type { AdminParts } from '../parts.ts'

/** @returns why it is theirs, undefined where it is not */
export function findOwnInterest(
  { directory }: AdminParts,
  { definition, updatedBy }: Item<ConnectionDefinition>,
  { id, apps }: Caller,
): string | undefined {
  const { world, people } = directory.current()
  if (updatedBy === id) return 'you defined this connection'
  if (world.apps.get(definition.app)?.definition.owners.includes(id)) return 'you answer for the app'
  if (apps?.includes(definition.app)) return 'your role is about the app'
  const person = people.get(id)
  const via = person === undefined ? undefined : findAssignment(definition.assignments, person)
  // Where everybody has access there is nobody else to ask.
  return via === undefined || via === 'everyone' ? undefined : 'you have this access yourself'
}
