// Follows a list as it grows: polls every second from the last position, and shows each item once. After a lost
// connection it resumes at the same position, and reports how often items were missed.
import { setTimeout as sleep } from 'node:timers/promises'

import { type Page, readPages } from '@crosswalk/admin-api'

import { EXIT } from '../exit-codes.ts'
import { CliError } from '../cli-error.ts'
import type { CommandTerminal } from '../terminal.ts'
import type { ListFormat } from './admin-options.ts'
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
}

export interface FollowSource<T> {
  /** One page of the items since then, newest first */
  read(query: { readonly since: string; readonly limit: number; readonly cursor?: string }): Promise<Page<T>>
  idOf(item: T): string
  timeOf(item: T): string
  render(item: T): string
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
  { output, server }: FollowOptions,
  {
    followed: { read, idOf, timeOf, render },
    pace,
  }: { readonly followed: FollowSource<T>; readonly pace: Pace },
): Tail {
  let since = terminal.nowMs()
  let seen: ReadonlySet<string> = new Set<string>()
  let lastSignMs = since
  let lostAt: number | undefined
  let isFirst = true
  let gaps = 0
  const tell = (text: string) => {
    lastSignMs = terminal.nowMs()
    terminal.writeErr(`${new Date(lastSignMs).toISOString()}  ${text}\n`)
  }
  const missed = () => (gaps === 0 ? 'missed 0' : `missed some, ${gaps} times`)

  function show({ items, truncated }: { readonly items: readonly T[]; readonly truncated: boolean }): void {
    const fresh = items.filter((item) => !seen.has(idOf(item)))
    // If a shown item is in the page, everything older was shown too.
    if (truncated && !isFirst && fresh.length === items.length) {
      gaps += 1
      tell(`more than ${items.length} arrived together: the oldest were missed; see the list`)
    }
    isFirst = false
    for (const item of fresh.toReversed()) {
      terminal.writeOut(`${output === 'json' ? JSON.stringify(item) : render(item)}\n`)
      since = Math.max(since, Date.parse(timeOf(item)))
      lastSignMs = terminal.nowMs()
    }
    // Items no longer listed are older than the overlap, so they cannot appear again.
    seen = new Set(items.map(idOf))
  }

  return {
    async poll() {
      try {
        const from = new Date(since - OVERLAP_MS).toISOString()
        show(await readPages(pace.mostAtOnce, (page) => read({ since: from, ...page })))
      } catch (error) {
        // If no poll has succeeded yet, a wrong address is more likely than a server that is down.
        if (isFirst || !mayPass(toCliError(error, server))) throw error
        if (lostAt === undefined) tell(`${server} cannot be reached; trying again`)
        lostAt ??= terminal.nowMs()
        return false
      }
      if (lostAt !== undefined) tell(`connected again, ${missed()}`)
      lostAt = undefined
      if (terminal.nowMs() - lastSignMs >= pace.heartbeatMs) tell(`nothing new, ${missed()}`)
      return true
    },
    end: () => {
      if (lostAt !== undefined)
        throw new CliError(
          EXIT.network,
          `${server} could not be reached since ${new Date(lostAt).toISOString()}`,
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
