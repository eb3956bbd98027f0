// Notifies open consoles of changes by server-sent events; they read the changes from the admin API. While a page is
// watching, polls the database once a second, so that changes by other processes are noticed too.
import { digest } from '@crosswalk/as-core'

export interface LiveParts {
  /** @returns a text that differs after every change of definitions */
  readDefinitions(): string
  /** @returns the sequence number of the last event, by log */
  readLogs(): Promise<ReadonlyMap<string, number>>
  onFault(fault: unknown, reference: string): void
}

export interface LiveUpdates {
  /** @returns an identifier of the current state, for `since` of a later stream */
  describe(): Promise<string>
  open(options: FollowOptions): Response
  /** Ends every stream, so that the server can stop. */
  close(): void
}

export interface FollowOptions {
  /** Checked periodically; true ends the stream */
  isOver(): Promise<boolean>
  /** An earlier state; changes since then are sent first */
  readonly since?: string | undefined
}

/** The content of an event: definitions changed, or logs grew. */
interface Change {
  readonly definitions: boolean
  readonly logs: readonly string[]
}

const LOOK_EVERY_MS = 1000
/** Polls between two checks of the session; each check also keeps the connection alive. */
const LOOKS_PER_CHECK = 15

interface Watcher extends FollowOptions {
  readonly controller: ReadableStreamDefaultController<Uint8Array>
}

export function createLiveUpdates(parts: LiveParts): LiveUpdates {
  const watchers = new Set<Watcher>()
  /** Watchers that connected before the initial state was known */
  const waiting = new Set<Watcher>()
  let known: State | undefined
  let looks = 0
  let timer: NodeJS.Timeout | undefined
  let looking = false

  async function look(): Promise<void> {
    const next = await readState(parts)
    const change = known === undefined ? undefined : compare(known, next)
    known = next
    for (const watcher of waiting) welcome(watcher, next)
    waiting.clear()
    if (change !== undefined) tell(watchers, change)
    looks += 1
    if (looks % LOOKS_PER_CHECK === 0) await checkSessions(watchers)
    if (watchers.size === 0) stop()
  }

  function lookOnce(): void {
    // A slow database must not get overlapping queries.
    if (looking) return
    looking = true
    look()
      .catch((fault: unknown) => parts.onFault(fault, 'console-live'))
      .finally(() => {
        looking = false
      })
  }

  function start(): void {
    if (timer !== undefined) return
    timer = setInterval(lookOnce, LOOK_EVERY_MS)
    timer.unref()
    lookOnce()
  }

  function stop(): void {
    clearInterval(timer)
    timer = undefined
    known = undefined
  }

  return {
    describe: async () => nameState(known ?? (await readState(parts))),
    open(options) {
      let watcher: Watcher | undefined
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          watcher = { ...options, controller }
          watchers.add(watcher)
          send([watcher], 'retry: 2000\n\n')
          if (known === undefined) waiting.add(watcher)
          else welcome(watcher, known)
          start()
        },
        cancel() {
          if (watcher === undefined) return
          watchers.delete(watcher)
          waiting.delete(watcher)
        },
      })
      return new Response(body, {
        headers: {
          'content-type': 'text/event-stream',
          'cache-control': 'no-store',
          'x-accel-buffering': 'no',
        },
      })
    },
    close() {
      stop()
      for (const watcher of watchers) end(watcher)
      watchers.clear()
      waiting.clear()
    },
  }
}

interface State {
  readonly definitions: string
  readonly logs: ReadonlyMap<string, number>
}

async function readState(parts: LiveParts): Promise<State> {
  return { definitions: parts.readDefinitions(), logs: await parts.readLogs() }
}

function compare(before: State, after: State): Change | undefined {
  const logs = [...after.logs].filter(([log, seq]) => before.logs.get(log) !== seq).map(([log]) => log)
  const definitions = before.definitions !== after.definitions
  return definitions || logs.length > 0 ? { definitions, logs } : undefined
}

/** Sends changes from this state on, after any change that the page missed. */
function welcome(watcher: Watcher, state: State): void {
  send([watcher], 'event: ready\ndata: {}\n\n')
  const [definitions, logs] = watcher.since?.split('.') ?? []
  const [definitionsNow, logsNow] = nameState(state).split('.')
  const change: Change = {
    definitions: definitions !== definitionsNow,
    logs: logs === logsNow ? [] : [...state.logs.keys()],
  }
  if (watcher.since !== undefined && (change.definitions || change.logs.length > 0)) tell([watcher], change)
}

function nameState({ definitions, logs }: State): string {
  return [definitions, JSON.stringify([...logs].toSorted())].map(digest).join('.')
}

function tell(watchers: Iterable<Watcher>, change: Change): void {
  send(watchers, `data: ${JSON.stringify(change)}\n\n`)
}

const encoder = new TextEncoder()

function send(watchers: Iterable<Watcher>, text: string): void {
  const bytes = encoder.encode(text)
  for (const { controller } of watchers) controller.enqueue(bytes)
}

async function checkSessions(watchers: Set<Watcher>): Promise<void> {
  for (const watcher of watchers) {
    const isOver = await watcher.isOver()
    // The page may have been closed in the meantime, and its stream accepts nothing more.
    if (!watchers.has(watcher)) continue
    if (isOver) {
      send([watcher], 'event: over\ndata: {}\n\n')
      watchers.delete(watcher)
      end(watcher)
    } else send([watcher], ': alive\n\n')
  }
}

function end({ controller }: Watcher): void {
  try {
    controller.close()
  } catch {
    // The browser disconnected first.
  }
}
