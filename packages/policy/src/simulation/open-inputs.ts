// Inputs that the request leaves open but the decision may depend on: which of their values connection and rules
// distinguish. It makes no decision.
import type { OpenInput } from '@crosswalk/protocol'

import { evaluateExchange } from '../evaluate-exchange.ts'
import type { ExchangeFacts } from '../exchange-facts.ts'
import type { Connection } from '../exchange-snapshot.ts'
import { VOLUME_CLAUSE } from '../rules/clauses.ts'
import type { CompiledRule } from '../rules/compile-rules.ts'
import { parseDurationSeconds } from '../rules/duration.ts'
import { type Network, parseNetworks } from '../rules/network.ts'
import { type Question, withFacts } from './change.ts'

/** The values to distinguish of each input; for numbers, the greatest value below each edge. */
export interface Edges {
  /** Seconds since the sign-in */
  readonly ages: readonly number[]
  readonly acr: readonly string[]
  readonly networks: readonly Network[]
  /** Grants in the preceding hour */
  readonly volumes: readonly number[]
  readonly dpop: boolean
}

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

export function isRelevant(input: OpenInput, { ages, acr, networks, volumes, dpop }: Edges): boolean {
  return {
    authTime: ages.length > 0,
    acr: acr.length > 0,
    ip: networks.length > 0,
    dpop,
    volume: volumes.length > 0,
  }[input]
}

type Conditions = Connection['conditions']

/** Exhaustive by type, so that a new condition cannot be forgotten here. */
const CONDITIONS: {
  readonly [K in keyof Required<Conditions>]: (value: NonNullable<Conditions[K]>) => Partial<Edges>
} = {
  maxAuthAgeSeconds: (seconds) => ({ ages: [seconds] }),
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

const CLAUSES: Readonly<Record<string, (written: readonly (string | number | boolean)[]) => Partial<Edges>>> =
  {
    acr: (written) => ({ acr: written.map(String) }),
    'authAge.over': (written) => ({ ages: readDurations(written) }),
    'authAge.under': (written) => ({ ages: readDurations(written).map((seconds) => seconds - 1) }),
    network: (written) => ({ networks: parseNetworks(written) }),
    'network.outside': (written) => ({ networks: parseNetworks(written) }),
    [VOLUME_CLAUSE]: (written) => ({ volumes: written.map(Number) }),
    dpop: () => ({ dpop: true }),
  }

function edgesOfRule({ policy: { when, require, limit } }: CompiledRule): readonly Partial<Edges>[] {
  const { dpop, ...required } = require ?? {}
  const perHour = limit?.perHour
  return [
    ...Object.entries(when).flatMap(([name, written]) => CLAUSES[name]?.([written].flat()) ?? []),
    ...edgesOfConditions({ ...required, dpop: dpop === true ? 'required' : 'optional' }),
    ...(perHour === undefined ? [] : [{ volumes: [perHour - 1] }]),
  ]
}

function joinEdges(all: readonly Partial<Edges>[]): Edges {
  return {
    ages: sortNumbers(all.flatMap(({ ages }) => ages ?? [])),
    acr: [...new Set(all.flatMap(({ acr }) => acr ?? []))],
    networks: all.flatMap(({ networks }) => networks ?? []),
    volumes: sortNumbers(all.flatMap(({ volumes }) => volumes ?? [])),
    dpop: all.some(({ dpop }) => dpop === true),
  }
}

/** An edge below zero distinguishes nothing. */
function sortNumbers(values: readonly number[]): readonly number[] {
  return [...new Set(values)].filter((value) => value >= 0).sort((one, other) => one - other)
}

function readDurations(written: readonly (string | number | boolean)[]): readonly number[] {
  return written.flatMap((one) => parseDurationSeconds(one) ?? [])
}
