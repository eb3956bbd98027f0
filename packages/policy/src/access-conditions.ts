// Conditions on access over a connection, requested or existing, that approval rules and review schedules share.
import type { AccessConditions, AppKind } from '@crosswalk/protocol'

/** What the conditions read. */
export interface AccessFacts {
  readonly app: string
  /** Undefined if the app describes itself */
  readonly kind: AppKind | undefined
  readonly resourceApp: string
  /** Of the riskiest scope, 0 to 3 */
  readonly risk: number
}

/** @returns whether all conditions hold; without any, every access matches */
export function matchesAccess(
  { apps, resourceApps, kind, minRisk = 0 }: AccessConditions,
  facts: AccessFacts,
): boolean {
  return (
    (apps === undefined || apps.includes(facts.app)) &&
    (resourceApps === undefined || resourceApps.includes(facts.resourceApp)) &&
    (kind === undefined || kind === facts.kind) &&
    facts.risk >= minRisk
  )
}

/** What apps are called in sentences. */
export interface AppNames {
  app(id: string): string
  resourceApp(id: string): string
}

const KIND_NAMES = { agent: 'agents', web: 'web apps', service: 'services' } as const

/** @returns `of agents`, with what is known of their owners */
export function renderKind(kind: AppKind | undefined, owner = ''): string {
  return kind === undefined && owner === '' ? '' : ` of ${kind ? KIND_NAMES[kind] : 'apps'}${owner}`
}

/** @returns where it leads from and to: `through Agent0 at Todo0` */
export function renderEnds({ apps, resourceApps }: AccessConditions, names: AppNames): string {
  const from = apps === undefined ? '' : ` through ${apps.map(names.app).join(' or ')}`
  return resourceApps === undefined ? from : `${from} at ${resourceApps.map(names.resourceApp).join(' or ')}`
}

export function renderRisk(min: number | undefined, max?: number): string {
  if (min !== undefined && max !== undefined)
    return min === max ? ` with risk ${min}` : ` with risk ${min} to ${max}`
  if (min !== undefined) return ` with risk ${min} or higher`
  return max === undefined ? '' : ` with risk ${max} or lower`
}

export function renderCount(n: number, unit: string): string {
  return `${n} ${unit}${n === 1 ? '' : 's'}`
}
