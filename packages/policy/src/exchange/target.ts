// Resolves the resource app by (audience, resource): exact strings, never a guess (IDP-05 to IDP-10, TEN-10).
import type { ResourceAppDefinition } from '@crosswalk/protocol'

import type { Checklist } from '../checklist.ts'
import type { ExchangeSnapshot } from '../exchange-snapshot.ts'
import type { RequestedAccess } from './request-checks.ts'

export interface Target {
  readonly resourceApp: ResourceAppDefinition | undefined
  readonly how?: string
  readonly candidates: readonly string[]
}

export function resolveTarget(list: Checklist, asked: RequestedAccess, snapshot: ExchangeSnapshot): Target {
  const behind = snapshot.audiences.get(asked.audience) ?? []
  const candidates = behind.map((resourceApp) => resourceApp.id)
  const nobody = { resourceApp: undefined, candidates }
  if (behind.length === 0) {
    checkUnknownAudience(list, asked.audience, snapshot)
    list.skip(['target.resource'], 'target.audience')
    return nobody
  }
  list.pass('target.audience', { actual: asked.audience })
  const found =
    asked.resource.length === 0
      ? resolveAlone(list, behind, snapshot)
      : resolveByResource(list, asked, behind)
  if (found === undefined) return nobody
  if (!found.active) list.fail('target.active', 'XAA1307', { ref: found.id })
  else list.pass('target.active', { ref: found.id })
  return {
    resourceApp: found,
    how: asked.resource.length === 0 ? 'audience exact match' : 'audience and resource exact match',
    candidates,
  }
}

/**
 * Names the registered issuer that is one slash, letter case or port away, so that the mistake is easy to find
 * (IDP-07).
 */
function checkUnknownAudience(list: Checklist, audience: string, snapshot: ExchangeSnapshot): void {
  if (audience === snapshot.issuer) return list.fail('target.audience', 'XAA1306', { actual: audience })
  const loose = loosen(audience)
  const near = [...snapshot.audiences.keys()].find((known) => loosen(known) === loose)
  if (near === undefined) list.fail('target.audience', 'XAA1301', { actual: audience })
  else list.fail('target.audience', 'XAA1302', { expected: near, actual: audience })
}

function loosen(url: string): string {
  const text = url
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/:\d+(?=\/|$)/, '')
  let end = text.length
  // A regular expression would backtrack over a long run of slashes in quadratic time.
  while (text[end - 1] === '/') end -= 1
  return text.slice(0, end)
}

function resolveAlone(
  list: Checklist,
  behind: readonly ResourceAppDefinition[],
  { audiences }: Pick<ExchangeSnapshot, 'audiences'>,
): ResourceAppDefinition | undefined {
  const [only] = behind
  // An alias may name one of several behind an issuer. Without resources, its ID-JAG would be valid for all of them.
  const atSameIssuer = only?.resources.length === 0 ? (audiences.get(only.issuer) ?? []) : []
  if (behind.length > 1)
    list.fail('target.resource', 'XAA1305', {
      expected: 'resource, since several resource apps share this audience',
      actual: behind.map(({ id }) => id),
    })
  else if (atSameIssuer.length > 1)
    list.fail('target.resource', 'XAA1305', {
      expected: `resources of ${only?.id}, since several resource apps share its issuer`,
      actual: atSameIssuer.map(({ id }) => id),
    })
  else if (only?.requireResource === true)
    list.fail('target.resource', 'XAA1305', { expected: 'resource, since this resource app requires it' })
  else {
    list.pass('target.resource')
    return only
  }
  return undefined
}

/** All requested resources must belong to one resource app behind the audience (IDP-09). */
function resolveByResource(
  list: Checklist,
  { resource }: RequestedAccess,
  behind: readonly ResourceAppDefinition[],
): ResourceAppDefinition | undefined {
  const owners = resource.map((id) =>
    behind.find((resourceApp) => resourceApp.resources.some((known) => known.id === id)),
  )
  const [first] = owners
  const unknown = resource.filter((_, index) => owners[index] === undefined)
  if (unknown.length > 0)
    list.fail('target.resource', 'XAA1303', {
      expected: behind.flatMap(({ resources }) => resources.map(({ id }) => id)),
      actual: unknown,
    })
  else if (owners.some((owner) => owner !== first))
    list.fail('target.resource', 'XAA1304', { expected: 'resources of one resource app', actual: resource })
  else {
    list.pass('target.resource', { actual: resource })
    return first
  }
  return undefined
}
