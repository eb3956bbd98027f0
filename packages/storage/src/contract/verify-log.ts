// Verifies a whole log, whatever its number of chains.
import type { EventReader } from '../events/event-reader.ts'

export interface LogVerdict {
  readonly ok: boolean
  readonly events: number
  readonly chains: readonly string[]
  /** Each as CHAIN#NUMBER and the reason */
  readonly bad: readonly string[]
}

export async function verifyLog(
  events: Pick<EventReader, 'heads' | 'verify'>,
  log: string,
): Promise<LogVerdict> {
  const chains = (await events.heads()).filter((head) => head.log === log).map(({ chain }) => chain)
  const verdicts = await Promise.all(chains.map((chain) => events.verify(chain)))
  const bad = verdicts.flatMap(({ firstBad }, index) =>
    firstBad === undefined ? [] : [`${chains[index]}#${firstBad.seq}: ${firstBad.why}`],
  )
  const total = verdicts.reduce((sum, verdict) => sum + verdict.events, 0)
  return { ok: verdicts.every(({ ok }) => ok), events: total, chains, bad }
}
