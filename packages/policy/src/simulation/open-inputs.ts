// Inputs that the request leaves open but the decision may depend on: which of their values connection and rules
// distinguish. It makes no decision.
import type { OpenInput } from '@crosswalk/protocol'

import { evaluateExchange } from '../evaluate-exchange.ts'
import type { ExchangeFacts } from '../exchange-facts.ts'
import type { Connection } from '../exchange-snapshot.ts'
import { findClauseType } from '../rules/clauses.ts'
import type { CompiledRule } from '../rules/compile-rules.ts'
import type { Edges } from '../rules/open-reading.ts'
import { type Question, withFacts } from './change.ts'

/** @returns the question with these inputs unknown */
export function leaveOpen(question: Question, open: readonly OpenInput[]): Question {
  return open.reduce((asked, input) => withFacts(asked, OMIT[input](asked.facts)), question)
}

const OMIT: Readonly<Record<OpenInput, (facts: ExchangeFacts) => Partial<ExchangeFacts>>> = {
  authTime: (facts) => withSignIn(facts, { authTime: undefined }),
  acr: (facts) => withSignIn(facts, { acr: undefined }),
  ip: () => ({ ip: undefined }),
  dpop: () => ({ dpop: { state: 'absent' } }),
  volume: () => ({ volumeLastHour: undefined }),
}

/** For simulated requests only: a real one states its sign-in. */
export function withSignIn(
  { subject }: ExchangeFacts,
  change: { readonly authTime?: number | undefined; readonly acr?: string | undefined },
): Partial<ExchangeFacts> {
  if (subject.kind !== 'assumed') return {}
  return { subject: { ...subject, signIn: { ...subject.signIn, ...change } } }
}

/** @returns the values of these inputs that the connection and the possibly applicable rules distinguish */
export function findEdges(question: Question, open: readonly OpenInput[]): Edges {
  const { facts, snapshot } = leaveOpen(question, open)
  const proved: ExchangeFacts['dpop'] = { state: 'proved', jkt: '' }
  // Unlike other facts, a missing DPoP proof rules rules out, so both cases are evaluated.
  const records = (open.includes('dpop') ? [facts, { ...facts, dpop: proved }] : [facts]).map((one) =>
    evaluateExchange(one, snapshot),
  )
  const concerning = new Set(records.flatMap(({ policies }) => policies.map(({ id }) => id)))
  const connectionId = records[0]?.resolution.connection
  const connection = [...snapshot.connections.values()].find(({ id }) => id === connectionId)
  const rules = snapshot.rules.rules.filter(({ id, isEnforced }) => isEnforced && concerning.has(id))
  return joinEdges([
    ...(connection === undefined ? [] : edgesOfConditions(connection.conditions)),
    ...rules.flatMap(edgesOfRule),
  ])
}

export function isRelevant(input: OpenInput, edges: Edges): boolean {
  return input === 'dpop' ? edges.dpop : edges[input].length > 0
}

type Conditions = Connection['conditions']

/** Exhaustive by type, so that a new condition cannot be forgotten here. */
const CONDITIONS: {
  readonly [K in keyof Required<Conditions>]: (value: NonNullable<Conditions[K]>) => Partial<Edges>
} = {
  maxAuthAgeSeconds: (seconds) => ({ authTime: [seconds] }),
  acr: (acr) => ({ acr }),
  dpop: (dpop) => ({ dpop: dpop === 'required' }),
  // The time of the request is never open.
  window: () => ({}),
}

function edgesOfConditions(conditions: Conditions): readonly Partial<Edges>[] {
  return Object.entries(conditions).flatMap(([name, value]) => {
    const edges = CONDITIONS[name as keyof Conditions] as (given: unknown) => Partial<Edges>
    return value === undefined ? [] : [edges(value)]
  })
}

function edgesOfRule({ policy: { when, require, limit } }: CompiledRule): readonly Partial<Edges>[] {
  const { dpop, ...required } = require ?? {}
  const perHour = limit?.perHour
  return [
    ...Object.entries(when).flatMap(
      ([name, written]) => findClauseType(name)?.open?.findEdges([written].flat()) ?? [],
    ),
    ...edgesOfConditions({ ...required, dpop: dpop === true ? 'required' : 'optional' }),
    ...(perHour === undefined ? [] : [{ volume: [perHour - 1] }]),
  ]
}

function joinEdges(all: readonly Partial<Edges>[]): Edges {
  return {
    authTime: sortNumbers(all.flatMap(({ authTime }) => authTime ?? [])),
    acr: [...new Set(all.flatMap(({ acr }) => acr ?? []))],
    ip: all.flatMap(({ ip }) => ip ?? []),
    volume: sortNumbers(all.flatMap(({ volume }) => volume ?? [])),
    dpop: all.some(({ dpop }) => dpop === true),
  }
}

/** An edge below zero distinguishes nothing. */
function sortNumbers(values: readonly number[]): readonly number[] {
  return [...new Set(values)].filter((value) => value >= 0).sort((one, other) => one - other)
}
