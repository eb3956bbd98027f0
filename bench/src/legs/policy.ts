// The cost of a decision: rules alone and the whole evaluation, as rules and connections grow, compared with
// evaluating every rule in turn. One process without I/O; microseconds of CPU time, which other processes do not
// distort.
import { evaluateExchange, evaluateRules, type RuleFacts } from '@crosswalk/policy'

import { policyBenchWorld } from '../../../packages/policy/src/rules/testing/policy-bench-world.ts'
import type { Bench } from '../bench.ts'
import { spreadOf } from '../harness/statistics.ts'
import { buildPolicyWorld } from '../world/policy-world.ts'

const RULES = [10, 100, 1000]
const CONNECTIONS = [10, 10_000]
const TARGET_US = 20

interface Subject {
  readonly name: string
  /** Evaluates one request. @returns a value that depends on it, so that the JIT cannot remove the work */
  judge(place: number): number
}

export const policy: Bench = {
  name: 'policy',
  what: 'microseconds for one evaluation',
  run: async ({ rounds, requests }) => {
    const rows = RULES.flatMap((rules) =>
      CONNECTIONS.map((connections) => measureWorld({ rules, connections }, rounds, requests)),
    )
    const worst = rows.at(-1)?.[3] ?? NaN
    return [
      `policy: ${policy.what}, median of ${rounds} rounds`,
      renderRow(['rules', 'connections', 'rules alone', 'whole evaluation', 'every rule in turn', 'ratio']),
      ...rows.map(([rules, connections, indexed, whole, scan]) =>
        renderRow([
          String(rules),
          connections.toLocaleString('en'),
          indexed.toFixed(2),
          whole.toFixed(2),
          scan.toFixed(2),
          (indexed / scan).toFixed(3),
        ]),
      ),
      `  whole evaluation at the most: ${worst.toFixed(2)} µs, target below ${TARGET_US} µs`,
    ].join('\n')
  },
}

type Row = readonly [rules: number, connections: number, indexed: number, whole: number, scan: number]

function measureWorld(
  { rules, connections }: { readonly rules: number; readonly connections: number },
  rounds: number,
  requests: number,
): Row {
  const world = policyBenchWorld(rules, { connections })
  const exchange = buildPolicyWorld(world, connections)
  const subjects: readonly Subject[] = [
    {
      name: 'rules alone',
      judge: (place) => evaluateRules(world.rules, pick(world.requests, place)).matched,
    },
    {
      name: 'whole evaluation',
      judge: (place) => evaluateExchange(pick(exchange.requests, place), exchange.snapshot).checks.length,
    },
    { name: 'every rule in turn', judge: (place) => judgeInTurn(world.rules, pick(world.requests, place)) },
  ]
  const [indexed = NaN, whole = NaN, scan = NaN] = measureInTurns(subjects, rounds, requests)
  return [rules, connections, indexed, whole, scan]
}

function pick<T>(values: readonly T[], place: number): T {
  const value = values[place % values.length]
  if (value === undefined) throw new Error('no requests to evaluate')
  return value
}

/** Without an index: each clause of each rule until one does not match. */
function judgeInTurn({ rules }: ReturnType<typeof policyBenchWorld>['rules'], facts: RuleFacts): number {
  let applies = 0
  for (const { clauses } of rules) if (clauses.every(({ judge }) => judge(facts) !== false)) applies += 1
  return applies
}

/** In turns, so that other activity affects all subjects. @returns medians in microseconds */
function measureInTurns(subjects: readonly Subject[], rounds: number, requests: number): readonly number[] {
  const times = subjects.map((): number[] => [])
  for (const subject of subjects) measure(subject, requests)
  for (let round = 0; round < rounds; round += 1)
    for (const [index, subject] of subjects.entries()) times[index]?.push(measure(subject, requests))
  return times.map((all) => spreadOf(all).median)
}

function measure({ name, judge }: Subject, requests: number): number {
  const before = process.cpuUsage()
  let sum = 0
  for (let place = 0; place < requests; place += 1) sum += judge(place)
  const { user, system } = process.cpuUsage(before)
  if (!Number.isFinite(sum)) throw new Error(`${name} evaluated nothing`)
  return (user + system) / requests
}

function renderRow(cells: readonly string[]): string {
  return `  ${cells.map((cell, index) => cell.padStart(index < 2 ? 11 : 18)).join('  ')}`
}
