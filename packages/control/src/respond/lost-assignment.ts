// Which users may have lost an assignment or changed their name through a change, or are represented by an actor that
// the connection no longer allows. Their live access tokens are checked again, and revoked if that is the case. Other
// losses, such as a scope, leave tokens until they expire.
import type {
  AppDefinition,
  ConnectionDefinition,
  EpochMs,
  GroupDefinition,
  ResourceAppDefinition,
} from '@crosswalk/protocol'

import type { UserRecord } from '../definitions/records.ts'
import { endsConnection, type ObservedChange, renamesUsers } from '../security-events/signals-of-change.ts'
import {
  type Assigned,
  listLostUsers,
  losesActors,
  subtract,
} from '../security-events/signals-of-lost-assignment.ts'

/** The users whose tokens to check */
export type AffectedUsers =
  | { readonly kind: 'users'; readonly ids: readonly string[] }
  | {
      readonly kind: 'connection'
      readonly connection: ConnectionDefinition
      /** When all access over it ended, if not only that of some users */
      readonly endedAt?: EpochMs
    }
  | { readonly kind: 'app'; readonly id: string }
  | { readonly kind: 'everyone' }

/**
 * @returns undefined if the change removes no assignment or actor and renames no user, or if all affected tokens are
 *   revoked anyway
 */
export function findAffected({
  collection,
  before,
  after,
}: Pick<ObservedChange, 'collection' | 'before' | 'after'>): AffectedUsers | undefined {
  if (before === undefined) return undefined
  if (collection === 'groups') {
    const ids = subtract(
      (before as GroupDefinition).members,
      (after as GroupDefinition | undefined)?.members ?? [],
    )
    return ids.length === 0 ? undefined : { kind: 'users', ids }
  }
  // Once it is gone, nothing says where connections that were removed with it led, whose tokens end too.
  if (after === undefined) return collection === 'resource-apps' ? { kind: 'everyone' } : undefined
  switch (collection) {
    case 'users':
      return losesAny((before as UserRecord).groups, (after as UserRecord).groups)
        ? { kind: 'users', ids: [before.id] }
        : undefined
    case 'connections':
      return losesUsers(before, after) ||
        losesActors(before as ConnectionDefinition, after as ConnectionDefinition)
        ? { kind: 'connection', connection: before as ConnectionDefinition }
        : undefined
    case 'apps':
      return losesUsers(before, after) ? { kind: 'app', id: before.id } : undefined
    case 'resource-apps':
      // Later acts could not find tokens under the old name.
      return losesUsers(before, after) ||
        isDisabled(before as ResourceAppDefinition, after as ResourceAppDefinition) ||
        losesResources(before as ResourceAppDefinition, after as ResourceAppDefinition) ||
        renamesUsers(before as ResourceAppDefinition, after as ResourceAppDefinition)
        ? { kind: 'everyone' }
        : undefined
    default:
      return undefined
  }
}

/**
 * The same once a change is in the past: everything issued before may be live, whatever the change itself revoked.
 */
export function findAffectedSince(change: ObservedChange): AffectedUsers | undefined {
  const { collection, before, after } = change
  if (before === undefined) return undefined
  switch (collection) {
    case 'connections':
      return endsConnection(change as ObservedChange<'connections'>)
        ? { kind: 'connection', connection: before as ConnectionDefinition, endedAt: change.at }
        : findAffected(change)
    case 'apps': {
      const isActive = (app: typeof before | undefined) => (app as AppDefinition | undefined)?.active === true
      return isActive(before) && !isActive(after) ? { kind: 'app', id: before.id } : findAffected(change)
    }
    default:
      return findAffected(change)
  }
}

function losesUsers(before: object, after: object): boolean {
  return isAssigned(before) && isAssigned(after) && listLostUsers(before, after)?.length !== 0
}

function isAssigned(definition: object): definition is Assigned {
  return 'assignments' in definition
}

function isDisabled(before: ResourceAppDefinition, after: ResourceAppDefinition): boolean {
  return before.active && !after.active
}

function losesResources(before: ResourceAppDefinition, after: ResourceAppDefinition): boolean {
  const idsOf = ({ resources }: ResourceAppDefinition) => resources.map(({ id }) => id)
  return losesAny(idsOf(before), idsOf(after))
}

function losesAny(before: readonly string[], after: readonly string[]): boolean {
  return subtract(before, after).length > 0
}

/**
 * Whether a token ends whose grant would be denied now. Another denial, for example of a suspended connection, must not
 * hide that the user is no longer assigned.
 *
 * @param affected - by a change, if the token is checked because of one
 */
export function endTokens(denials: readonly string[], affected?: AffectedUsers): boolean {
  const hasEnded = affected?.kind === 'connection' && affected.endedAt !== undefined
  return denials.some((denial) => hasEnded || ENDS_TOKENS.has(denial))
}

/**
 * Denials for users who are no longer assigned to app, resource app or connection, or now have another name; for apps
 * that now have another client id there; for actors that the connection no longer allows; for objects that are removed
 * or inactive; and for connections that are no longer active by definition. Those changes revoke tokens themselves,
 * unless a fault prevents that or the file changed while no process was running. Access that ends earlier than a token
 * says, because its end was set later (`ended`).
 */
const ENDS_TOKENS: ReadonlySet<string> = new Set([
  ...['XAA1501', 'XAA1502', 'XAA1503', 'XAA1802', 'renamed', 'other-client', 'ended'],
  ...['XAA1010', 'XAA1101', 'XAA1104', 'XAA1301', 'XAA1303', 'XAA1307', 'XAA1401', 'XAA1402', 'XAA1408'],
  'XAA1504',
])
