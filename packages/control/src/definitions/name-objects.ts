// Names for objects in sentences: the display name, or the id if the object was removed.
import type { User } from '@crosswalk/idp'
import { listApprovers, renderApprovalRule, renderReviewSchedule } from '@crosswalk/policy'
import type { ApprovalRule, ConnectionDefinition, ReviewSchedule } from '@crosswalk/protocol'

import type { CompiledWorld } from './compile-world.ts'

type Named = Pick<CompiledWorld, 'world'>

export function nameApp({ world }: Named, id: string): string {
  return world.apps.get(id)?.definition.name ?? id
}

export function nameResourceApp({ world }: Named, id: string): string {
  return world['resource-apps'].get(id)?.definition.name ?? id
}

export function nameConnection(
  compiled: Named,
  { app, resourceApp }: Pick<ConnectionDefinition, 'app' | 'resourceApp'>,
): string {
  return `${nameApp(compiled, app)} → ${nameResourceApp(compiled, resourceApp)}`
}

export function nameConnectionById(compiled: Named, id: string): string {
  const connection = compiled.world.connections.get(id)?.definition
  return connection === undefined ? id : nameConnection(compiled, connection)
}

export function nameUser(user: Pick<User, 'name' | 'username'> | undefined): string | undefined {
  return user?.name ?? user?.username
}

/** The approval rule as a sentence */
export async function describeApprovalRule(
  compiled: Pick<CompiledWorld, 'world' | 'users'>,
  rule: ApprovalRule,
): Promise<string> {
  const approvers = await compiled.users.findMany(listApprovers(rule))
  return renderApprovalRule(rule, {
    ...namesIn(compiled),
    user: (id) => nameUser(approvers.get(id)) ?? id,
  })
}

/** The review schedule as a sentence */
export function describeReviewSchedule(compiled: Named, schedule: ReviewSchedule): string {
  return renderReviewSchedule(schedule, namesIn(compiled))
}

function namesIn(compiled: Named) {
  return {
    app: (id: string) => nameApp(compiled, id),
    resourceApp: (id: string) => nameResourceApp(compiled, id),
  }
}
