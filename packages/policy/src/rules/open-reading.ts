// The facts that a simulation can leave open. A clause can read one only by declaring it, so the simulator tries its
// values, and the server determines the client's address or counts grants.
import type { OpenInput } from '@crosswalk/protocol'

import type { RuleFacts } from './facts.ts'
import type { Network } from './network.ts'

export type ClauseScalar = string | number | boolean

/** The values to distinguish of each input; for numbers, the greatest value below each edge. */
export interface Edges {
  /** Seconds since the sign-in */
  readonly authTime: readonly number[]
  readonly acr: readonly string[]
  readonly ip: readonly Network[]
  /** Grants in the preceding hour */
  readonly volume: readonly number[]
  readonly dpop: boolean
}

export interface OpenReading {
  readonly input: OpenInput
  readonly findEdges: (written: readonly ClauseScalar[]) => Partial<Edges>
}

/** The facts that every request has, in a simulation too */
type ClosedFacts = Omit<RuleFacts, FactOf[OpenInput]>

interface FactOf {
  readonly authTime: 'authTime'
  readonly acr: 'acr'
  readonly ip: 'ip'
  readonly dpop: 'dpop'
  readonly volume: 'volumeLastHour'
}

/** How a clause reads its fact; undefined if the fact is missing. */
export type FactReader<Seen, Rest extends readonly unknown[] = []> =
  | {
      readonly open?: undefined
      readonly read: (facts: ClosedFacts, ...rest: Rest) => Seen | undefined
    }
  | OpenReader<Seen>

interface OpenReader<Seen> {
  readonly open: OpenReading
  readonly read: (facts: RuleFacts) => Seen | undefined
}

/**
 * Reads a fact that may be open.
 *
 * @param findEdges - the values that a clause with these written values distinguishes
 */
export function readOpen<I extends OpenInput, Seen>(
  input: I,
  read: (facts: ClosedFacts & Pick<RuleFacts, FactOf[I]>) => Seen | undefined,
  findEdges: (written: readonly ClauseScalar[]) => Edges[I],
): OpenReader<Seen> {
  return {
    open: { input, findEdges: (written) => ({ [input]: findEdges(written) }) as Partial<Edges> },
    read,
  }
}
