// Which approval rules apply to an access request, from the current definitions, and who is asked to decide it now.
import type { AccessRequest, AskedUsers } from '@crosswalk/admin-api'
import { findAsked, hasActiveOwner, type RequestFacts, type Route, routeRequest } from '@crosswalk/policy'
import { dropUndefined } from '@crosswalk/protocol'

import { findHighestRisk } from '../definitions/highest-risk.ts'
import { definitionsOf } from '../definitions/records.ts'
import type { Parts } from '../parts.ts'

export type RequestedAccess = Pick<AccessRequest, 'user' | 'app' | 'resourceApp' | 'scopes' | 'days'>

export function findRoute(parts: Parts<'directory'>, request: Omit<RequestedAccess, 'user'>): Route {
  const rules = definitionsOf(parts.directory.current().world['approval-rules'])
  return rules.length === 0 ? { effect: 'none' } : routeRequest(rules, describeFacts(parts, request))
}

function describeFacts(
  { directory }: Parts<'directory'>,
  { app, resourceApp, scopes, days }: Omit<RequestedAccess, 'user'>,
): RequestFacts {
  const { world } = directory.current()
  const definition = world.apps.get(app)?.definition
  const meanings = world['resource-apps'].get(resourceApp)?.definition.scopeMeanings ?? {}
  return {
    ...{ app, resourceApp, days },
    kind: definition?.kind,
    hasOwner: definition !== undefined && hasActiveOwner(definition, directory.current()) === true,
    risk: findHighestRisk(world, { resourceApp, scopes }),
    unrated: scopes.filter((scope) => meanings[scope]?.risk === undefined),
    guarded: scopes.filter((scope) => meanings[scope]?.needsApproval === true),
  }
}

/** @returns undefined if the request is decided, or every user with the right role is asked alike */
export function findAskedNow(
  parts: Parts<'directory' | 'clock'>,
  request: AccessRequest,
): AskedUsers | undefined {
  if (request.state !== 'open') return undefined
  const asked = findAskedByRules(parts, request)
  const delegate = request.delegations?.at(-1)?.to
  if (delegate === undefined) return asked
  const { users = [], rules = [], escalation } = asked ?? {}
  const all = [...new Set([delegate, ...users])]
  const to = escalation?.to.filter((id) => id !== delegate) ?? []
  return { users: all, rules, ...(escalation && to.length > 0 ? { escalation: { ...escalation, to } } : {}) }
}

function findAskedByRules(
  parts: Parts<'directory' | 'clock'>,
  request: AccessRequest,
): AskedUsers | undefined {
  const route = findRoute(parts, request)
  if (route.effect !== 'ask') return undefined
  const { users, escalation } = findAsked(route.rules, Date.parse(request.askedAt), parts.clock.nowMs())
  const to = escalation && { at: new Date(escalation.at).toISOString(), to: [...escalation.to] }
  return { users: [...users], rules: route.rules.map(({ id }) => id), ...dropUndefined({ escalation: to }) }
}
