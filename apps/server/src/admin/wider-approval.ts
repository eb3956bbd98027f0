// Whether an approval would give a person more than is approved: scopes of a connection count for everybody on it, so
// whoever is put on it gets all of them, unless a rule keeps some from them.
import type { AccessRequest } from '@crosswalk/admin-api'
import { findOpenScopes, type Person } from '@crosswalk/policy'
import type { ConnectionDefinition } from '@crosswalk/protocol'

import type { Item } from '../directory/records.ts'
import type { AdminParts } from './parts.ts'
import { buildProblem, type Problem } from './problem.ts'
import { listHeld } from './scope-approval-records.ts'
import { describeApp } from './simulated-exchange.ts'

interface Widening {
  readonly request: AccessRequest
  readonly item: Item<ConnectionDefinition>
  /** What the approval would change */
  readonly change: Partial<ConnectionDefinition>
  readonly approved: readonly string[]
}

/** @returns how to approve it nevertheless, undefined where nothing more would be granted */
export function refuseWiderApproval(parts: AdminParts, widening: Widening): Problem | undefined {
  const { request, item, change, approved } = widening
  const person = parts.directory.current().people.get(request.user)
  // Whoever is on it already gets nothing new, and a connection of the file stays as it is anyway.
  if (person === undefined || change.assignments === undefined || item.owner === 'file') return undefined
  const beyond = findBeyond(parts, person, widening)
  if (beyond.length === 0) return undefined
  const policy = {
    id: `${request.id}-only`,
    when: { app: request.app, resourceApp: request.resourceApp, user: person.id },
    effect: 'limit',
    limit: { scopes: [...approved] },
  }
  return buildProblem('conflict', {
    detail: `${item.definition.id} also has ${beyond.join(' ')}, which ${person.username} would get with it. Approve that too, or keep it from them first: POST /policies ${JSON.stringify(policy)}, then approve again.`,
    policy,
  })
}

function findBeyond(
  parts: AdminParts,
  person: Person,
  { request, item, change, approved }: Widening,
): readonly string[] {
  const { exchange, world } = parts.directory.current()
  const others = (change.scopes ?? item.definition.scopes).filter((scope) => !approved.includes(scope))
  // What is held is given to nobody until somebody approves it for all of the connection.
  const held = new Set(listHeld(parts, item.definition, others))
  const more = others.filter((scope) => !held.has(scope))
  const app = world.apps.get(request.app)?.definition ?? describeApp(parts, request.app)
  if (exchange === undefined || app === undefined) return more
  return findOpenScopes(exchange.rules, more, { app, user: person, resourceApp: { id: request.resourceApp } })
}
