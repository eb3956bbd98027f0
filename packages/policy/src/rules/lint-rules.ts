// Finds rules that are valid, but cannot do what their author expects: names that do not exist, clauses that are never
// true together, rules that another rule makes pointless, and pairs that no request can satisfy. A rule is only reported
// if that is certain, whatever the request.
import type { PolicyDefinition } from '@crosswalk/protocol'

import type { PolicyProblem } from './check-policy.ts'
import type { Clause } from './clause.ts'
import { type CompiledRule, compileRules } from './compile-rules.ts'
import { parseDurationSeconds } from './duration.ts'
import { findNearest } from './nearest.ts'
import { isInNetwork, type Network, parseNetworks } from './network.ts'

/** A longer list of unknown names helps no one, and comparing each with all known names takes long. */
const MAX_UNKNOWN = 10

/** The values that a request over a connection can have, by clause; absent if they are not known */
export type PossibleValues = Readonly<Record<string, readonly string[]>>

/** What the definitions besides the rules say. */
export interface LintedWorld {
  /** Defined names by clause; a clause without an entry is not checked */
  readonly known: Readonly<Record<string, ReadonlySet<string>>>
  readonly connections: readonly PossibleValues[]
}

export interface RuleFinding extends PolicyProblem {
  readonly policy: string
  /** `info`: may be intended, such as a rule for connections that are defined later */
  readonly severity: 'warning' | 'info'
}

type Found = Omit<RuleFinding, 'policy'>

/**
 * @param policies - without problems (see `checkPolicyDefinition`); disabled ones are ignored
 * @param only - id of the one policy whose findings are wanted; default: those of all
 */
export type Linter = (policies: readonly PolicyDefinition[], only?: string) => readonly RuleFinding[]

/** Indexes the world once, for policies that change more often. */
export function createLinter(world: LintedWorld): Linter {
  const matchesConnection = createMatcher(world.connections)
  return (policies, only) => {
    const { rules } = compileRules(policies)
    const findWider = createFinder(rules)
    const wanted = only === undefined ? rules : rules.filter(({ id }) => id === only)
    return wanted.flatMap((rule) => {
      const wider = findWider(rule)
      const unknown = findUnknownNames(rule, world)
      const found = [
        ...unknown,
        ...findContradictions(rule),
        ...findDominant(rule, wider),
        ...findConflicts(rule, wider),
      ]
      const all = unknown.length > 0 || matchesConnection(rule) ? found : [...found, NO_CONNECTION]
      return all.map((one) => ({ policy: rule.id, ...one }))
    })
  }
}

const NO_CONNECTION: Found = {
  severity: 'info',
  path: ['when'],
  problem: 'no connection matches these conditions yet',
  fix: 'change the conditions, or keep the policy for future connections',
}

function findUnknownNames({ policy, clauses }: CompiledRule, { known }: LintedWorld): readonly Found[] {
  const named = clauses.flatMap(({ name, index }) =>
    (index?.keys ?? []).map((key) => ({ path: ['when', name], clause: name, key })),
  )
  const limited = (policy.limit?.scopes ?? []).map((key, index) => ({
    path: ['limit', 'scopes', index],
    clause: 'scope',
    key,
  }))
  const isUnknown = ({ clause, key }: { readonly clause: string; readonly key: string }) =>
    known[clause]?.has(key) === false && !describesItself(clause, key)
  return [...named, ...limited]
    .filter(isUnknown)
    .slice(0, MAX_UNKNOWN)
    .map(({ path, clause, key }) => {
      const nearest = findNearest(key, [...(known[clause] ?? [])])
      const fix = nearest === undefined ? 'check the spelling, or define it' : `did you mean \`${nearest}\`?`
      return { severity: 'warning', path, problem: `there is no ${clause} ${JSON.stringify(key)}`, fix }
    })
}

/** An app whose client id is the URL of its metadata document needs no definition here. */
function describesItself(clause: string, name: string): boolean {
  return clause === 'app' && /^https?:/.test(name)
}

/** @returns whether a request over some connection can match a rule; indexed by app, for many rules and connections */
function createMatcher(connections: readonly PossibleValues[]): (rule: CompiledRule) => boolean {
  const byApp = Map.groupBy(connections, ({ app }) => app?.[0] ?? '')
  return ({ clauses }) => {
    const apps = clauses.find(({ name }) => name === 'app')?.index?.keys
    const candidates = apps?.flatMap((app) => byApp.get(app) ?? []) ?? connections
    return candidates.some((possible) =>
      clauses.every(({ name, index }) => {
        const values = possible[name]
        return values === undefined || index === undefined || index.keys.some((key) => values.includes(key))
      }),
    )
  }
}

function findContradictions({ policy: { when } }: CompiledRule): readonly Found[] {
  const valuesOf = (name: string) => [when[name] ?? []].flat()
  const [over] = valuesOf('authAge.over').map(parseDurationSeconds)
  const [under] = valuesOf('authAge.under').map(parseDurationSeconds)
  const inside = parseNetworks(valuesOf('network'))
  const outside = parseNetworks(valuesOf('network.outside'))
  return [
    ...(over !== undefined && under !== undefined && under <= over
      ? [neverTrue('authAge.under', 'authAge.over')]
      : []),
    ...(inside.length > 0 && inside.every((one) => outside.some((other) => includesNetwork(other, one)))
      ? [neverTrue('network.outside', 'network')]
      : []),
  ]
}

function neverTrue(name: string, other: string): Found {
  return {
    severity: 'warning',
    path: ['when', name],
    problem: `\`${name}\` and \`${other}\` are never true together`,
    fix: 'change one of them, or write two policies',
  }
}

function includesNetwork(outer: Network, inner: Network): boolean {
  return outer.prefixBits <= inner.prefixBits && isInNetwork(outer, inner.base)
}

/** @returns for a rule, the other enforced ones that apply to every request it applies to; indexed, for many rules */
function createFinder(rules: readonly CompiledRule[]): (rule: CompiledRule) => readonly CompiledRule[] {
  const enforced = rules
    .filter(({ isEnforced }) => isEnforced)
    .map((rule) => ({ rule, clause: rule.clauses.find(({ index }) => index !== undefined) }))
  const unindexed = enforced.filter(({ clause }) => clause === undefined)
  const places = enforced.flatMap(({ rule, clause }) =>
    (clause?.index?.keys ?? []).map((key) => ({ rule, place: `${clause?.name}\n${key}` })),
  )
  const byPlace = Map.groupBy(places, ({ place }) => place)
  return (rule) => {
    // A wider rule has all keys of this one in some clause, so also the first.
    const near = rule.clauses.flatMap(({ name, index }) => byPlace.get(`${name}\n${index?.keys[0]}`) ?? [])
    return [...unindexed, ...near]
      .map((one) => one.rule)
      .filter((other) => other !== rule && covers(other, rule))
  }
}

/** Finds a rule that applies whenever this one does, and does at least as much. */
function findDominant(rule: CompiledRule, wider: readonly CompiledRule[]): readonly Found[] {
  const dominant = wider.find(
    (other) =>
      isAtLeastAsStrict(other.policy, rule.policy) &&
      // Of two equal rules, the first is kept.
      (other.rank < rule.rank || !rule.isEnforced || !isEqual(other, rule)),
  )
  if (dominant === undefined) return []
  const { id, policy } = dominant
  const does = policy.effect === 'deny' ? 'denies' : `${policy.effect}s as much for`
  return [
    {
      severity: 'warning',
      path: ['effect'],
      problem: `this changes nothing: policy ${id} ${does} every request that matches`,
      fix: `remove it, or narrow policy ${id}`,
    },
  ]
}

function isEqual(one: CompiledRule, other: CompiledRule): boolean {
  return covers(other, one) && isAtLeastAsStrict(other.policy, one.policy)
}

/** Whether the first rule applies to every request that the second applies to, also with missing facts. */
function covers(wide: CompiledRule, narrow: CompiledRule): boolean {
  return wide.clauses.every((clause) =>
    narrow.clauses.some((other) => other.name === clause.name && implies(other, clause)),
  )
}

function implies(narrow: Clause, wide: Clause): boolean {
  if (narrow.index === undefined || wide.index === undefined) return narrow.text === wide.text
  return isSubset(narrow.index.keys, wide.index.keys)
}

function isSubset(some: readonly string[], all: readonly string[]): boolean {
  return some.every((one) => all.includes(one))
}

function isAtLeastAsStrict(one: PolicyDefinition, other: PolicyDefinition): boolean {
  if (one.effect === 'deny') return true
  if (one.effect !== other.effect) return false
  const { require: a = {}, limit: c = {} } = one
  const { require: b = {}, limit: d = {} } = other
  return (
    isListStricter(a.acr, b.acr) &&
    isNumberStricter(a.maxAuthAgeSeconds, b.maxAuthAgeSeconds) &&
    (a.dpop === true || b.dpop !== true) &&
    isListStricter(c.scopes, d.scopes) &&
    isNumberStricter(c.idJagTtlSeconds, d.idJagTtlSeconds) &&
    isNumberStricter(c.perHour, d.perHour)
  )
}

function isListStricter(one: readonly string[] | undefined, other: readonly string[] | undefined): boolean {
  return other === undefined || (one !== undefined && isSubset(one, other))
}

function isNumberStricter(one: number | undefined, other: number | undefined): boolean {
  return other === undefined || (one !== undefined && one <= other)
}

/** Finds a rule that always applies together with this one, while nothing satisfies both. */
function findConflicts(rule: CompiledRule, wider: readonly CompiledRule[]): readonly Found[] {
  const { require, limit } = rule.policy
  return wider
    .filter((other) => other.rank < rule.rank || !covers(rule, other))
    .flatMap(({ id, policy }) => [
      ...(isDisjoint(require?.acr, policy.require?.acr)
        ? [conflict(['require', 'acr'], `no sign-in also meets policy ${id}, so every request is denied`)]
        : []),
      ...(isDisjoint(limit?.scopes, policy.limit?.scopes)
        ? [conflict(['limit', 'scopes'], `policy ${id} allows none of these scopes, so none is granted`)]
        : []),
    ])
}

function conflict(path: PolicyProblem['path'], problem: string): Found {
  return { severity: 'warning', path, problem, fix: 'change one of the two policies, or their clauses' }
}

/** An empty list is meant to leave nothing. */
function isDisjoint(one: readonly string[] = [], other: readonly string[] = []): boolean {
  return one.length > 0 && other.length > 0 && !one.some((value) => other.includes(value))
}
