// The values of an open input that may be decided differently, one representative each, and their wording in sentences.
// Evaluating them shows which ones are.
import type { OpenInput } from '@crosswalk/protocol'

import { ASSUMED_KEY } from '../assumed-key.ts'
import type { ExchangeFacts } from '../exchange-facts.ts'
import { renderDuration } from '../rules/duration.ts'
import { isInNetwork, listEdgeAddresses, type Network, parseAddress } from '../rules/network.ts'
import type { Edges } from '../rules/open-reading.ts'
import { withSignIn } from './open-inputs.ts'

export interface InputValues {
  readonly input: OpenInput
  readonly size: number
  /** @returns the facts with the value at this index */
  apply(facts: ExchangeFacts, place: number): Partial<ExchangeFacts>
  /**
   * @param places - sorted indexes
   * @returns a phrase: `signed in more than 12h ago`
   */
  describe(places: readonly number[]): string
}

/** Represents every context class that no rule mentions. */
const ANY_OTHER = 'urn:crosswalk:any-other'

export function listValues(input: OpenInput, edges: Edges): InputValues {
  switch (input) {
    case 'authTime':
      return numbers(input, edges.authTime, {
        apply: (facts, age) => withSignIn(facts, { authTime: facts.nowMs / 1000 - age }),
        upTo: (age) => `signed in within ${renderDuration(age)}`,
        above: (age) => `signed in more than ${renderDuration(age)} ago`,
      })
    case 'volume':
      return numbers(input, edges.volume, {
        apply: (_, volumeLastHour) => ({ volumeLastHour }),
        upTo: (count) => `granted at most ${count} times in the last hour`,
        above: (count) => `granted more than ${count} times in the last hour`,
      })
    case 'acr':
      return contexts(edges.acr)
    case 'ip':
      return addresses(edges.ip)
    case 'dpop':
      return {
        input,
        size: 2,
        apply: (_, place) => ({
          dpop: place === 0 ? { state: 'proved', jkt: ASSUMED_KEY } : { state: 'absent' },
        }),
        describe: ([place]) => (place === 0 ? 'with a DPoP proof' : 'without a DPoP proof'),
      }
  }
}

interface Words {
  apply(facts: ExchangeFacts, value: number): Partial<ExchangeFacts>
  upTo(edge: number): string
  above(edge: number): string
}

/** A value up to each edge, and one above the last. */
function numbers(input: OpenInput, edges: readonly number[], words: Words): InputValues {
  const values = [...edges, (edges.at(-1) ?? 0) + 1]
  return {
    input,
    size: values.length,
    apply: (facts, place) => words.apply(facts, values[place] ?? 0),
    describe: (places) =>
      listRuns(places)
        .map(([first, last]) => {
          const [below, top] = [edges[first - 1], edges[last]]
          return [
            ...(below === undefined ? [] : [words.above(below)]),
            ...(top === undefined ? [] : [words.upTo(top)]),
          ].join(' and ')
        })
        .join(', or '),
  }
}

/** @returns the first and last index of each contiguous run */
function listRuns(places: readonly number[]): readonly (readonly [number, number])[] {
  const runs: [number, number][] = []
  for (const place of places) {
    const run = runs.at(-1)
    if (run?.[1] === place - 1) run[1] = place
    else runs.push([place, place])
  }
  return runs
}

function contexts(mentioned: readonly string[]): InputValues {
  const values = [...mentioned, ANY_OTHER, undefined]
  return {
    input: 'acr',
    size: values.length,
    apply: (facts, place) => withSignIn(facts, { acr: values[place] }),
    describe: (places) => {
      const named = places.map((place) => values[place])
      // The other branches name the remaining classes.
      if (named.includes(ANY_OTHER)) return 'signed in with anything else'
      const known = named.filter((one) => one !== undefined)
      return [
        ...(known.length === 0 ? [] : [`signed in with ${known.join(' or ')}`]),
        ...(named.includes(undefined) ? ['signed in with no stated context class'] : []),
      ].join(', or ')
    },
  }
}

/** One address inside each network but outside the narrower ones, and one outside all networks. */
function addresses(networks: readonly Network[]): InputValues {
  const names = networks.map(({ base, prefixBits }) => `${base.toString()}/${prefixBits}`)
  const tried = [...networks.flatMap(listEdgeAddresses), ...ELSEWHERE]
  const values = new Map<string | undefined, string>()
  for (const text of tried) {
    const address = parseAddress(text)
    if (address === undefined) continue
    const holding = networks.flatMap((network, place) => (isInNetwork(network, address) ? [place] : []))
    const narrowest = holding.sort(
      (one, other) => (networks[other]?.prefixBits ?? 0) - (networks[one]?.prefixBits ?? 0),
    )[0]
    const name = narrowest === undefined ? undefined : names[narrowest]
    if (!values.has(name)) values.set(name, text)
  }
  // Addresses outside all networks come last.
  const places = [...values].sort(([one], [other]) => Number(one === undefined) - Number(other === undefined))
  return {
    input: 'ip',
    size: places.length,
    apply: (_, place) => ({ ip: places[place]?.[1] }),
    describe: (chosen) => {
      const named = chosen.map((place) => places[place]?.[0])
      return named.includes(undefined) ? 'from any other address' : `from ${named.join(' or ')}`
    },
  }
}

/** Documentation addresses, which rules rarely name. */
const ELSEWHERE = ['192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1']
