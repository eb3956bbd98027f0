// Servers under the same load in turns, so that whatever else the machine does falls on all.
import { readCpuSeconds } from './cpu-time.ts'
import { createLoad, type Endpoint, type Load } from './load.ts'
import { ninetyNinth, spreadOf, type Spread } from './statistics.ts'

export const CONCURRENCY = 32

/** Until the compiler has settled: what that costs is paid once in the life of a server. */
const WARM_UP_REQUESTS = 50_000

/** In how many turns the requests of a round are sent, since a machine changes its pace within seconds. */
const SLICES = 4

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
  /** Milliseconds that 99 of 100 answers did not exceed */
  readonly p99Ms: number
}

export interface Comparison {
  readonly floor: readonly Rates[]
  readonly subject: readonly Rates[]
}

export async function compare(floor: Subject, subject: Subject, options: Options): Promise<Comparison> {
  const [ofFloor = [], ofSubject = []] = await measureInTurns([floor, subject], options)
  return { floor: ofFloor, subject: ofSubject }
}

/** @returns the rates of each subject, round by round */
export async function measureInTurns(
  subjects: readonly Subject[],
  { rounds, requests }: Options,
): Promise<readonly (readonly Rates[])[]> {
  const sides = subjects.map((it) => ({
    it,
    load: createLoad(it.endpoint, CONCURRENCY),
    rates: [] as Rates[],
  }))
  try {
    for (const { it, load } of sides) await load.send(it.makeBodies(WARM_UP_REQUESTS))
    for (let round = 0; round < rounds; round++) await measureRound(sides, requests)
  } finally {
    await Promise.all(sides.map(({ load }) => load.close()))
  }
  return sides.map(({ rates }) => rates)
}

interface Side {
  readonly it: Subject
  readonly load: Load
  readonly rates: Rates[]
}

interface Spent {
  /** undefined where it cannot be read */
  readonly cpuSeconds: number | undefined
  readonly seconds: number
  /** each answer */
  readonly tookMs: readonly number[]
}

async function measureRound(sides: readonly Side[], requests: number): Promise<void> {
  const turns = sides.map((side) => ({ ...side, spent: [] as Spent[] }))
  const slice = Math.ceil(requests / SLICES)
  for (let made = 0; made < SLICES; made++) {
    // The first to run finds the machine as the other left it; take turns in that too.
    for (const { it, load, spent } of made % 2 === 0 ? turns : turns.toReversed())
      spent.push(await measure(it, load.send, slice))
  }
  for (const { rates, spent } of turns) rates.push(rateOf(spent, slice * SLICES))
}

/** @param sent - requests in all of the turns */
function rateOf(spent: readonly Spent[], sent: number): Rates {
  const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0)
  const cpuSeconds = spent.flatMap((turn) => turn.cpuSeconds ?? [])
  return {
    perSecond: sent / sum(spent.map(({ seconds }) => seconds)),
    perCpuSecond: cpuSeconds.length < spent.length ? undefined : sent / sum(cpuSeconds),
    p99Ms: ninetyNinth(spent.flatMap(({ tookMs }) => tookMs)),
  }
}

async function measure({ pid, makeBodies }: Subject, send: Load['send'], requests: number): Promise<Spent> {
  const bodies = makeBodies(requests)
  const cpuBefore = readCpuSeconds(pid)
  const start = performance.now()
  const tookMs = await send(bodies)
  const seconds = (performance.now() - start) / 1000
  const cpuAfter = readCpuSeconds(pid)
  return {
    seconds,
    tookMs,
    cpuSeconds: cpuBefore === undefined || cpuAfter === undefined ? undefined : cpuAfter - cpuBefore,
  }
}

/** The subject's figure over the floor's, round by round; undefined where it was not measured. */
export function ratioOf({ floor, subject }: Comparison, rate: keyof Rates): Spread | undefined {
  const ratios = subject.map((rates, round) => (rates[rate] ?? NaN) / (floor[round]?.[rate] ?? NaN))
  return ratios.some(Number.isNaN) ? undefined : spreadOf(ratios)
}
