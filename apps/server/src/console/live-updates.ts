// Tells open consoles that something changed, as server-sent events; what changed they read from the admin API. One
// look at the database a second while a page watches, so that changes of other processes are seen, too.
export interface LiveParts {
  /** @returns a text that is another one after every change of definitions */
  readDefinitions(): string
  /** @returns the number of the last event, by log */
  readLogs(): Promise<ReadonlyMap<string, number>>
  onFault(fault: unknown, reference: string): void
}

export interface LiveUpdates {
  /** @param isOver - asked now and then; true ends the stream */
  open(isOver: () => Promise<boolean>): Response
  /** Ends every stream, so that the server can stop. */
  close(): void
}

/** What an event says: definitions changed, or logs grew. */
interface Change {
  readonly definitions: boolean
  readonly logs: readonly string[]
}

const LOOK_EVERY_MS = 1000
/** Looks between two questions whether the session still lives; each also keeps the connection open. */
const LOOKS_PER_CHECK = 15

interface Watcher {
  readonly controller: ReadableStreamDefaultController<Uint8Array>
  isOver(): Promise<boolean>
}

export function createLiveUpdates(parts: LiveParts): LiveUpdates {
  const watchers = new Set<Watcher>()
  let known: State | undefined
  let looks = 0
  let timer: NodeJS.Timeout | undefined
  let looking = false

  async function look(): Promise<void> {
    const next = await readState(parts)
    const change = known === undefined ? undefined : compare(known, next)
    known = next
    if (change !== undefined) send(watchers, `data: ${JSON.stringify(change)}\n\n`)
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
    open(isOver) {
      let watcher: Watcher | undefined
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          watcher = { controller, isOver }
          watchers.add(watcher)
          send([watcher], 'retry: 2000\n\nevent: ready\ndata: {}\n\n')
          start()
        },
        cancel() {
          if (watcher !== undefined) watchers.delete(watcher)
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
