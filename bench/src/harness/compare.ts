// Puts servers under the same load in turns, so that other activity on the machine affects all of them.
import { readCpuSeconds } from './cpu-time.ts'
import { createLoad, type Endpoint, type Load } from './load.ts'
import { ninetyNinth, spreadOf, type Spread } from './statistics.ts'

export const CONCURRENCY = 32

/** Until the JIT compiler has settled: a server pays that cost once in its life. */
const WARM_UP_REQUESTS = 50_000

/** The requests of a round are sent in this many turns, because the speed of a machine changes within seconds. */
const SLICES = 4

export interface Subject {
  readonly pid: number
  readonly endpoint: Endpoint
  /** Request bodies, created before the clock starts. */
  readonly makeBodies: (count: number) => readonly string[]
}

export interface Options {
  readonly rounds: number
  /** Per round and side */
  readonly requests: number
}

export interface Rates {
  /** Per second of the server's CPU time; undefined if it cannot be read */
  readonly perCpuSecond: number | undefined
  readonly perSecond: number
  /** The 99th percentile of response times in milliseconds */
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

/** @returns the rates of each subject, per round */
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
  /** undefined if it cannot be read */
  readonly cpuSeconds: number | undefined
  readonly seconds: number
  /** Per response */
  readonly tookMs: readonly number[]
}

async function measureRound(sides: readonly Side[], requests: number): Promise<void> {
  const turns = sides.map((side) => ({ ...side, spent: [] as Spent[] }))
  const slice = Math.ceil(requests / SLICES)
  for (let made = 0; made < SLICES; made++) {
    // The first to run inherits the machine state of the other, so the order alternates too.
    for (const { it, load, spent } of made % 2 === 0 ? turns : turns.toReversed())
      spent.push(await measure(it, load.send, slice))
  }
  for (const { rates, spent } of turns) rates.push(rateOf(spent, slice * SLICES))
}

/** @param sent - requests in all turns */
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

/** The ratio of the subject to the floor, per round; undefined if it was not measured. */
export function ratioOf({ floor, subject }: Comparison, rate: keyof Rates): Spread | undefined {
  const ratios = subject.map((rates, round) => (rates[rate] ?? NaN) / (floor[round]?.[rate] ?? NaN))
  return ratios.some(Number.isNaN) ? undefined : spreadOf(ratios)
}
