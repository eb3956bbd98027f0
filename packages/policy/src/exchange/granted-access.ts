// The connection as it applies to one user: access grants extend it, whether the file or the database owns its
// definition.
// It is unchanged for all other users.
import type { EpochSeconds, ResourceAppDefinition, ScopeMeaning } from '@crosswalk/protocol'

import { type AccessGrants, type CompiledGrant, findGrants, type GrantedAccess } from '../access-grants.ts'
import type { Connection } from '../exchange-snapshot.ts'
import { findAssignment, type EvaluatedUser } from '../users.ts'
import { renderMeaning, type ScopeStates } from '../scope-approvals.ts'
import { findHeld } from './scope-approval.ts'

export interface AccessQuestion {
  readonly user: EvaluatedUser
  readonly resourceApp: ResourceAppDefinition
  readonly grants: AccessGrants
  readonly now: EpochSeconds
}

/**
 * @returns the connection as it applies to the user: the scopes of a grant are only theirs, and all that it gives them
 */
export function applyAccessGrants(connection: Connection, question: AccessQuestion): Connection {
  const { user, resourceApp, now } = question
  const grants = findGrants(question.grants, { connection: connection.id, user: user.id }, now)
  if (grants.length === 0) return connection
  const isAssigned = [resourceApp, connection].every(
    ({ assignments }) => findAssignment(assignments, user) !== undefined,
  )
  const { approvals } = connection
  const scopes = isAssigned ? connection.scopes : []
  const assignedScopes = scopes.filter((scope) => findHeld(connection, scope) === undefined)
  return {
    ...connection,
    scopes: [...new Set([...scopes, ...grants.flatMap((grant) => grant.scopes)])],
    authorizationDetailsTypes: isAssigned ? connection.authorizationDetailsTypes : [],
    approvals: approveGranted(approvals, grants),
    access: { grants, assignedScopes, approvals },
  }
}

/** An approval covers one meaning: a scope whose meaning has changed since needs approval again. */
function approveGranted(
  states: ScopeStates | undefined,
  grants: readonly CompiledGrant[],
): ScopeStates | undefined {
  if (states === undefined) return undefined
  return new Map(
    [...states].map(([scope, state]) => [
      scope,
      grants.some((grant) => approves(grant, scope, state.meaning))
        ? { ...state, state: 'approved' as const }
        : state,
    ]),
  )
}

function approves({ meanings }: CompiledGrant, scope: string, now: ScopeMeaning): boolean {
  const meaning = meanings?.[scope]
  return meaning !== undefined && renderMeaning(meaning) === renderMeaning(now)
}

/** @returns when the user loses some of the scopes; undefined if no access grant limits them */
export function findAccessEnd(
  { access }: Pick<Connection, 'access'>,
  scopes: readonly string[],
): { readonly grant: string; readonly endsAt: EpochSeconds } | undefined {
  if (access === undefined) return undefined
  const ends = scopes
    .filter((scope) => !access.assignedScopes.includes(scope))
    .flatMap((scope) => {
      const last = findLast(access.grants.filter((grant) => gives(grant, scope, access)))
      return last?.endsAt === undefined ? [] : [{ grant: last.id, endsAt: last.endsAt }]
    })
  return ends.reduce<(typeof ends)[number] | undefined>(
    (first, end) => (first === undefined || end.endsAt < first.endsAt ? end : first),
    undefined,
  )
}

/** A scope that needs approval comes only from a grant that approves it, though others list it too. */
function gives(grant: CompiledGrant, scope: string, { approvals }: GrantedAccess): boolean {
  const state = approvals?.get(scope)
  const isHeld = state !== undefined && state.state !== 'approved'
  return grant.scopes.includes(scope) && (!isHeld || approves(grant, scope, state.meaning))
}

/** The grant that ends last; one without an end outlasts all others. */
function findLast(grants: readonly CompiledGrant[]): CompiledGrant | undefined {
  const endOf = ({ endsAt }: CompiledGrant) => endsAt ?? Number.POSITIVE_INFINITY
  return grants.reduce<CompiledGrant | undefined>(
    (last, grant) => (last === undefined || endOf(grant) > endOf(last) ? grant : last),
    undefined,
  )
}
