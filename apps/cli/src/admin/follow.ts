// Follows a list as it grows: polls every second from the last position, and shows each item once. After a lost
// connection, or items that a receiver refused, it resumes at the same position, and reports how often items were missed.
import { setTimeout as sleep } from 'node:timers/promises'

import { type Page, readPages } from '@crosswalk/admin-api'

import { EXIT } from '../exit-codes.ts'
import { CliError } from '../cli-error.ts'
import type { CommandTerminal } from '../terminal.ts'
import { type ListFormat, parseMoment } from './admin-options.ts'
import { toCliError } from './explain-fault.ts'

const INTERVAL_MS = 1000
const LONGEST_WAIT_MS = 30_000
const HEARTBEAT_MS = 60_000
/** Decisions of other processes can reach the log a little later than their timestamp. */
const OVERLAP_MS = 5000
/** At most this many items are shown per poll; if more arrived, the newest. */
const MAX_AT_ONCE = 10_000

export interface FollowOptions {
  readonly server: string
  readonly output: ListFormat
  /** Seconds; undefined means no end. */
  readonly for?: number
  /** Where to start, as typed; undefined means now. */
  readonly since?: string
}

export interface FollowSource<T> {
  /** One page of the items since then, newest first */
  read(query: { readonly since: string; readonly limit: number; readonly cursor?: string }): Promise<Page<T>>
  idOf(item: T): string
  timeOf(item: T): string
  render(item: T): string
  /**
   * Passes new items on, oldest first, before they are shown.
   *
   * @returns why they were not taken; they are passed again later
   */
  deliver?(items: readonly T[]): Promise<string | undefined>
}

/** Shorter in tests */
export interface Pace {
  readonly intervalMs: number
  readonly heartbeatMs: number
  readonly mostAtOnce: number
}

export async function follow<T>(
  terminal: CommandTerminal,
  options: FollowOptions,
  followed: FollowSource<T>,
  pace: Pace = { intervalMs: INTERVAL_MS, heartbeatMs: HEARTBEAT_MS, mostAtOnce: MAX_AT_ONCE },
): Promise<void> {
  const startedAt = terminal.nowMs()
  const endsAt = options.for === undefined ? Number.POSITIVE_INFINITY : startedAt + options.for * 1000
  const tail = createTail(terminal, options, { followed, pace })
  let waitMs = pace.intervalMs
  for (;;) {
    const isRead = await tail.poll()
    waitMs = isRead ? pace.intervalMs : Math.min(waitMs * 2, LONGEST_WAIT_MS)
    if (terminal.nowMs() + waitMs > endsAt) return tail.end()
    await sleep(waitMs)
  }
}

interface Tail {
  /** @returns false if the server cannot be reached now */
  poll(): Promise<boolean>
  end(): void
}

function createTail<T>(
  terminal: CommandTerminal,
  { output, server, since: start }: FollowOptions,
  {
    followed: { read, idOf, timeOf, render, deliver },
    pace,
  }: { readonly followed: FollowSource<T>; readonly pace: Pace },
): Tail {
  let lastSignMs = terminal.nowMs()
  let since = start === undefined ? lastSignMs : Date.parse(parseMoment(start, lastSignMs))
  let seen: ReadonlySet<string> = new Set<string>()
  let lost: { readonly atMs: number; readonly problem: string } | undefined
  let isFirst = true
  let gaps = 0
  const tell = (text: string) => {
    lastSignMs = terminal.nowMs()
    terminal.writeErr(`${new Date(lastSignMs).toISOString()}  ${text}\n`)
  }
  const missed = () => (gaps === 0 ? 'missed 0' : `missed some, ${gaps} times`)

  interface Found {
    readonly items: readonly T[]
    readonly truncated: boolean
  }
  const findFresh = ({ items }: Found) => items.filter((item) => !seen.has(idOf(item))).toReversed()

  function show({ items, truncated }: Found, fresh: readonly T[]): void {
    // If a shown item is in the page, everything older was shown too.
    if (truncated && (!isFirst || start !== undefined) && fresh.length === items.length) {
      gaps += 1
      tell(`more than ${items.length} arrived together: the oldest were missed; see the list`)
    }
    isFirst = false
    for (const item of fresh) {
      terminal.writeOut(`${output === 'json' ? JSON.stringify(item) : render(item)}\n`)
      since = Math.max(since, Date.parse(timeOf(item)))
      lastSignMs = terminal.nowMs()
    }
    // Items no longer listed are older than the overlap, so they cannot appear again.
    seen = new Set(items.map(idOf))
  }

  /** @returns what keeps the items from being read or delivered */
  async function readNew(): Promise<string | undefined> {
    const from = new Date(since - OVERLAP_MS).toISOString()
    try {
      const found = await readPages(pace.mostAtOnce, (page) => read({ since: from, ...page }))
      const fresh = findFresh(found)
      const problem = fresh.length === 0 ? undefined : await deliver?.(fresh)
      if (problem === undefined) show(found, fresh)
      return problem
    } catch (error) {
      // If no poll has succeeded yet, a wrong address is more likely than a server that is down.
      if (isFirst || !mayPass(toCliError(error, server))) throw error
      return `${server} cannot be reached`
    }
  }

  return {
    async poll() {
      const problem = await readNew()
      if (problem !== undefined) {
        if (lost?.problem !== problem) tell(`${problem}; trying again`)
        lost = { atMs: lost?.atMs ?? terminal.nowMs(), problem }
        return false
      }
      if (lost !== undefined) tell(`connected again, ${missed()}`)
      lost = undefined
      if (terminal.nowMs() - lastSignMs >= pace.heartbeatMs) tell(`nothing new, ${missed()}`)
      return true
    },
    end: () => {
      if (lost !== undefined)
        throw new CliError(
          EXIT.network,
          `${lost.problem} since ${new Date(lost.atMs).toISOString()}`,
          'check that the server is running; the list has everything since then',
        )
    },
  }
}

/** A restarting or overloaded server recovers; an inactive token does not. */
function mayPass(error: unknown): boolean {
  return (
    error instanceof CliError &&
    ([EXIT.network, EXIT.timeout, EXIT.rateLimited, EXIT.failure] as number[]).includes(error.exitCode)
  )
}
