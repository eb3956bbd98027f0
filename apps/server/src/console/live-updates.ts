// Tells open consoles that something changed, as server-sent events; what changed they read from the admin API. One
// look at the database a second while a page watches, so that changes of other processes are seen, too.
import { digest } from '@crosswalk/as-core'

export interface LiveParts {
  /** @returns a text that is another one after every change of definitions */
  readDefinitions(): string
  /** @returns the number of the last event, by log */
  readLogs(): Promise<ReadonlyMap<string, number>>
  onFault(fault: unknown, reference: string): void
}

export interface LiveUpdates {
  /** @returns what names the state of now, for `since` of a stream that is opened later */
  describe(): Promise<string>
  open(options: Follow): Response
  /** Ends every stream, so that the server can stop. */
  close(): void
}

export interface Follow {
  /** Asked now and then; true ends the stream */
  isOver(): Promise<boolean>
  /** A state of before: what changed since then is the first change told */
  readonly since?: string | undefined
}

/** What an event says: definitions changed, or logs grew. */
interface Change {
  readonly definitions: boolean
  readonly logs: readonly string[]
}

const LOOK_EVERY_MS = 1000
/** Looks between two questions whether the session still lives; each also keeps the connection open. */
const LOOKS_PER_CHECK = 15

interface Watcher extends Follow {
  readonly controller: ReadableStreamDefaultController<Uint8Array>
}

export function createLiveUpdates(parts: LiveParts): LiveUpdates {
  const watchers = new Set<Watcher>()
  /** Those that came before there was a state that changes are compared with */
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
    // A database that answers slowly is not asked twice at a time.
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

/** Changes are told from this state on, and those before it that the page may have missed at once. */
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
    if (await watcher.isOver()) {
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
    // The browser went first.
  }
}
