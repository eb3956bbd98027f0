// Refuses requirements that no token could meet. Only plain JavaScript can write them, since TypeScript refuses most.
import { parseScope } from '@crosswalk/protocol'

import type { Requirement } from './create-resource.ts'

/** @throws TypeError, when a route is defined, instead of a denial of each request */
export function checkRequirement(requirement: Requirement): void {
  const { scope, acr, maxAuthAgeSeconds }: { readonly [member in keyof Requirement]: unknown } = requirement
  if (scope !== undefined && !(Array.isArray(scope) && scope.every(isScope)))
    throw new TypeError(
      `scope must list scopes, each as a separate string: scope('a', 'b') or { scope: ['a', 'b'] }. It is ${show(scope)}.`,
    )
  if (acr !== undefined && !(Array.isArray(acr) && acr.every((one) => typeof one === 'string')))
    throw new TypeError(`acr must be a list of strings: { acr: ['mfa'] }. It is ${show(acr)}.`)
  if (maxAuthAgeSeconds !== undefined && !(Number(maxAuthAgeSeconds) >= 0))
    throw new TypeError(`maxAuthAgeSeconds must be a number of seconds. It is ${show(maxAuthAgeSeconds)}.`)
}

function isScope(value: unknown): boolean {
  if (typeof value !== 'string') return false
  const parsed = parseScope(value)
  return parsed.accepted && parsed.value.length === 1
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? String(value)
}
