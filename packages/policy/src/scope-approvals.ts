// Whether the scopes that need approval have it, over each connection, for what they mean now. Compiled once per revision,
// so that an exchange only looks up; where no scope needs approval there is nothing to look up.
import type {
  ConnectionDefinition,
  ResourceAppDefinition,
  ScopeApproval,
  ScopeMeaning,
} from '@crosswalk/protocol'

export interface ScopeState {
  /** `changed`: approved when it meant something else */
  readonly state: 'approved' | 'needed' | 'changed'
  /** As the catalogue has it now */
  readonly meaning: ScopeMeaning
  /** The last one there is */
  readonly approval?: ScopeApproval
}

/** By scope, of those alone that need approval */
export type ScopeStates = ReadonlyMap<string, ScopeState>

/** @returns how the scopes of a connection stand; undefined where none of its resource app needs approval */
export function compileApprovals(
  resourceApps: readonly ResourceAppDefinition[],
  approvals: readonly ScopeApproval[],
): (connection: ConnectionDefinition) => ScopeStates | undefined {
  const guarded = new Map(resourceApps.flatMap(listGuarded))
  if (guarded.size === 0) return () => undefined
  const given = new Map<string, ScopeApproval[]>()
  for (const approval of approvals) {
    const key = approvalKey(approval)
    given.set(key, [...(given.get(key) ?? []), approval])
  }
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

/** No scope and no id has a space in it. */
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

/** @returns one text for one meaning, whatever the order of its tools: what digests are made of */
export function renderMeaning({ description, risk, tools }: ScopeMeaning): string {
  return JSON.stringify([description ?? null, risk ?? null, [...new Set(tools)].sort()])
}

/** @returns what was approved and what is now, as far as they differ */
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
