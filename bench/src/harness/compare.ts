// Two servers under the same load in turns, so that whatever else the machine does falls on both.
import { readCpuSeconds } from './cpu-time.ts'
import { createLoad, type Endpoint } from './load.ts'
import { spreadOf, type Spread } from './statistics.ts'

export const CONCURRENCY = 32

/** Until the compiler has settled: what that costs is paid once in the life of a server. */
const WARM_UP_REQUESTS = 50_000

export interface Subject {
  readonly pid: number
  readonly endpoint: Endpoint
  /** Request bodies, made before the clock starts. */
  readonly makeBodies: (count: number) => readonly string[]
}

export interface Options {
  readonly rounds: number
  /** In each round, for each side */
  readonly requests: number
}

export interface Rates {
  /** Of the server's processor time; undefined where it cannot be read */
  readonly perCpuSecond: number | undefined
  readonly perSecond: number
}

export interface Comparison {
  readonly floor: readonly Rates[]
  readonly subject: readonly Rates[]
}

export async function compare(floor: Subject, subject: Subject, options: Options): Promise<Comparison> {
  const sides = [floor, subject].map((it) => ({
    it,
    load: createLoad(it.endpoint, CONCURRENCY),
    rates: [] as Rates[],
  }))
  const measureAll = async (order: typeof sides) => {
    for (const { it, load, rates } of order) rates.push(await measure(it, load.send, options.requests))
  }
  try {
    for (const { it, load } of sides) await load.send(it.makeBodies(WARM_UP_REQUESTS))
    for (let round = 0; round < options.rounds; round++) {
      // Whoever goes first finds the machine as the other left it; take turns in that too.
      await measureAll(round % 2 === 0 ? sides : sides.toReversed())
    }
  } finally {
    await Promise.all(sides.map(({ load }) => load.close()))
  }
  return { floor: sides[0]?.rates ?? [], subject: sides[1]?.rates ?? [] }
}

async function measure(
  { pid, makeBodies }: Subject,
  send: (bodies: readonly string[]) => Promise<void>,
  requests: number,
): Promise<Rates> {
  const bodies = makeBodies(requests)
  const cpuBefore = readCpuSeconds(pid)
  const start = performance.now()
  await send(bodies)
  const seconds = (performance.now() - start) / 1000
  const cpuAfter = readCpuSeconds(pid)
  const cpuSeconds = cpuBefore === undefined || cpuAfter === undefined ? undefined : cpuAfter - cpuBefore
  return {
    perSecond: requests / seconds,
    perCpuSecond: cpuSeconds === undefined ? undefined : requests / cpuSeconds,
  }
}

/** The subject's rate over the floor's, round by round; undefined where it was not measured. */
export function ratioOf({ floor, subject }: Comparison, rate: keyof Rates): Spread | undefined {
  const ratios = subject.map((rates, round) => (rates[rate] ?? NaN) / (floor[round]?.[rate] ?? NaN))
  return ratios.some(Number.isNaN) ? undefined : spreadOf(ratios)
}
