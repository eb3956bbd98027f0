// What is granted: resources, scopes and details of the ID-JAG, never more, and only those that this server knows.
import { type DecisionRecord, parseScope, readResourceClaim } from '@crosswalk/protocol'

import type { Checklist } from '../checklist.ts'
import { appliesWithin, findDetailsFault, haveSameMeaning } from '../details-types.ts'
import { isDetailsArray, parseAuthorizationDetails } from '../exchange/request-checks.ts'
import type { RedemptionFacts } from '../redemption-facts.ts'
import type { RedemptionSnapshot } from '../redemption-snapshot.ts'

type Claims = Readonly<Record<string, unknown>>
type Details = readonly Readonly<Record<string, unknown>>[]

/**
 * The resources of the token: those in the claim, all of which must be served here, narrowed by the parameter if there
 * is one; if neither names any, the only resource of this server (RAS-21 to RAS-23).
 */
export function checkResource(
  list: Checklist,
  { resource: claim }: Claims,
  { request, dpop }: RedemptionFacts,
  snapshot: RedemptionSnapshot,
): readonly string[] | undefined {
  const named = readResourceClaim(claim)
  if (named === undefined || named.some((id) => !snapshot.resources.has(id))) {
    list.fail('resource.claim', 'XAA2213', { expected: listServed(snapshot), actual: claim })
    return undefined
  }
  list.pass('resource.claim', { actual: named })
  const bound = named.length > 0 ? named : listServed(snapshot)
  if (request.resource.some((id) => !bound.includes(id))) {
    list.fail('resource.parameter', 'XAA2217', { expected: bound, actual: request.resource })
    return undefined
  }
  const granted = request.resource.length > 0 ? [...new Set(request.resource)] : bound
  if (named.length === 0 && granted.length !== 1) {
    list.fail('resource.parameter', 'XAA2213', {
      expected: 'one resource, named by claim or parameter',
      actual: granted,
    })
    return undefined
  }
  const unbound = granted.filter(
    (id) => snapshot.resources.get(id)?.dpop === 'required' && dpop.state !== 'proved',
  )
  if (unbound.length > 0)
    list.fail('resource.binding', 'XAA2215', {
      expected: 'a DPoP proof, since the resource accepts only bound tokens',
      actual: unbound,
    })
  return granted
}

function listServed({ resources }: RedemptionSnapshot): readonly string[] {
  return [...resources.keys()]
}

/**
 * RFC 9396: the claim is the upper bound. Details that no published type accepts, or that apply to resources outside
 * the claim, refuse the whole request (RAS-27, RAS-28, RAR-04, RAR-05). A parameter that requests fewer resources omits
 * the details of the others (AT-06).
 */
export function checkDetails(
  list: Checklist,
  { authorization_details: details, resource: claim }: Claims,
  { snapshot, resource }: { snapshot: RedemptionSnapshot; resource: readonly string[] | undefined },
): Details | undefined {
  if (details === undefined) return []
  if (!isDetailsArray(details)) {
    list.fail('authorization_details', 'XAA2210', { expected: 'an array of objects with a type' })
    return undefined
  }
  const unknown = details.map(({ type }) => String(type)).filter((type) => !snapshot.detailsTypes.has(type))
  if (unknown.length > 0) {
    list.fail('authorization_details', 'XAA2221', {
      expected: [...snapshot.detailsTypes.keys()],
      actual: unknown,
    })
    return undefined
  }
  const named = readResourceClaim(claim) ?? []
  const resources = named.length > 0 ? named : listServed(snapshot)
  const fault = findDetailsFault(details, { types: snapshot.detailsTypes, resources })
  if (fault !== undefined) {
    list.fail('authorization_details', 'XAA2221', {
      expected: 'what the type and the resources admit',
      actual: fault,
    })
    return undefined
  }
  list.pass('authorization_details')
  return resource === undefined ? details : details.filter((one) => appliesWithin(one, resource))
}

/**
 * The parameter narrows: it selects from the details granted so far, each exactly as in the ID-JAG; anything else
 * exceeds the ID-JAG (RAR-01, RAR-04, RAR-07).
 */
export function checkAskedDetails(
  list: Checklist,
  { authorizationDetails }: RedemptionFacts['request'],
  granted: Details,
): Details | undefined {
  if (authorizationDetails === undefined) return granted
  const asked = parseAuthorizationDetails(authorizationDetails)
  const beyond = asked?.filter((one) => !granted.some((each) => haveSameMeaning(each, one)))
  if (asked === undefined || beyond === undefined || beyond.length > 0) {
    list.fail('request.authorization_details', 'XAA2221', {
      expected: asked === undefined ? 'a JSON array of objects with a type' : granted,
      actual: beyond,
    })
    return undefined
  }
  list.pass('request.authorization_details', { actual: asked })
  return granted.filter((each) => asked.some((one) => haveSameMeaning(each, one)))
}

export interface ScopeAnswer {
  readonly scope: readonly string[]
  readonly narrowed: DecisionRecord['narrowed']
}

/**
 * Claim ∩ parameter ∩ scopes served (RAS-24 to RAS-26). A parameter beyond the claim is narrowed, not refused: clients
 * repeat what they requested from the IdP, even if it granted less. Only an empty result is refused.
 */
export function checkScope(
  list: Checklist,
  claims: Claims,
  facts: RedemptionFacts,
  about: { snapshot: RedemptionSnapshot; resource: readonly string[]; details: Details },
): ScopeAnswer {
  const carried = parseScope(typeof claims.scope === 'string' ? claims.scope : '')
  const asked = parseScope(facts.request.scope ?? '')
  if (!carried.accepted || !asked.accepted) {
    list.fail('scope', carried.accepted ? 'XAA2404' : 'XAA2210', { expected: 'well-formed scope' })
    return { scope: [], narrowed: [] }
  }
  const wanted = asked.value.length > 0 ? asked.value : carried.value
  const served = about.resource.flatMap((id) => about.snapshot.resources.get(id)?.scopes ?? [])
  const within = wanted.filter((one) => carried.value.includes(one))
  const scope = within.filter((one) => served.includes(one))
  const narrowed = wanted.flatMap((one) => {
    if (!carried.value.includes(one)) return [{ scope: one, by: 'scope of the ID-JAG', code: 'XAA2401' }]
    return served.includes(one)
      ? []
      : [{ scope: one, by: `resources of ${about.snapshot.id}`, code: 'XAA2403' }]
  })
  if (scope.length > 0) list.pass('scope', { actual: scope })
  else if (wanted.length === 0 && about.details.length > 0) list.notApplicable('scope')
  else if (wanted.length > 0 && within.length === 0)
    list.fail('scope', 'XAA2401', { expected: carried.value, actual: wanted })
  else list.fail('scope', 'XAA2403', { expected: [...new Set(served)], actual: wanted })
  return { scope, narrowed }
}
