// Whether the scopes that need approval have it, per connection and for their current meaning. Compiled once per
// revision, so that an exchange only looks it up.
import type {
  ConnectionDefinition,
  ResourceAppDefinition,
  ScopeApproval,
  ScopeMeaning,
} from '@crosswalk/protocol'

export interface ScopeState {
  /** `changed`: approved with a different meaning */
  readonly state: 'approved' | 'needed' | 'changed'
  /** As the catalogue currently defines it */
  readonly meaning: ScopeMeaning
  readonly approval?: ScopeApproval
}

/** By scope; only scopes that need approval */
export type ScopeStates = ReadonlyMap<string, ScopeState>

/**
 * @returns the approval state of the scopes of each connection; undefined if its resource app has no scope that needs
 * approval
 */
export function compileApprovals(
  resourceApps: readonly ResourceAppDefinition[],
  approvals: readonly ScopeApproval[],
): (connection: ConnectionDefinition) => ScopeStates | undefined {
  const guarded = new Map(resourceApps.flatMap(listGuarded))
  if (guarded.size === 0) return () => undefined
  const given = Map.groupBy(approvals, approvalKey)
  return ({ id, resourceApp }) => {
    const scopes = guarded.get(resourceApp)
    return (
      scopes &&
      new Map(
        scopes.map(([scope, meaning]) => [
          scope,
          judge(meaning, given.get(approvalKey({ connection: id, scope }))),
        ]),
      )
    )
  }
}

/** Scopes and ids never contain a space. */
export function approvalKey({ connection, scope }: Pick<ScopeApproval, 'connection' | 'scope'>): string {
  return `${connection} ${scope}`
}

function listGuarded({
  id,
  scopeMeanings = {},
}: ResourceAppDefinition): (readonly [string, (readonly [string, ScopeMeaning])[]])[] {
  const scopes = Object.entries(scopeMeanings).flatMap(([scope, { needsApproval, ...meaning }]) =>
    needsApproval ? [[scope, meaning] as const] : [],
  )
  return scopes.length === 0 ? [] : [[id, scopes]]
}

function judge(meaning: ScopeMeaning, given: readonly ScopeApproval[] = []): ScopeState {
  const now = renderMeaning(meaning)
  const approval = given.find((one) => renderMeaning(one.meaning) === now)
  if (approval !== undefined) return { state: 'approved', meaning, approval }
  const last = given.at(-1)
  return last === undefined ? { state: 'needed', meaning } : { state: 'changed', meaning, approval: last }
}

/** @returns one text per meaning, independent of the order of its tools; digests are computed from it */
export function renderMeaning({ description, risk, tools }: ScopeMeaning): string {
  return JSON.stringify([description ?? null, risk ?? null, [...new Set(tools)].sort()])
}

/** @returns the approved and the current meaning, reduced to what differs */
export function compareMeanings(
  approved: ScopeMeaning,
  now: ScopeMeaning,
): { readonly approved: Partial<ScopeMeaning>; readonly now: Partial<ScopeMeaning> } {
  const members = (['description', 'risk', 'tools'] as const).filter(
    (member) =>
      renderMeaning({ tools: [], [member]: approved[member] }) !==
      renderMeaning({ tools: [], [member]: now[member] }),
  )
  const pick = (meaning: ScopeMeaning) =>
    Object.fromEntries(members.map((member) => [member, meaning[member] ?? null]))
  return { approved: pick(approved), now: pick(now) }
}
