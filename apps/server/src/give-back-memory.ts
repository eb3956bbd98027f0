// Gives back memory that nobody needs any more. Starting takes as much as a running server: every module was read and
// compiled. A busy server takes more, and V8 would keep that for as long as nobody asks for anything.

const LOOK_EVERY_MS = 60_000
/** Of the time since the last look: a tick of every timer, a look of an orchestrator, a person in the console */
const QUIET_UTILIZATION = 0.01
/** Less is not worth standing still for. */
const WORTH_BYTES = 32 * 1024 * 1024

/**
 * Collects now, which takes a quarter of a second and so is for a server that has just started, and later in quiet minutes
 * after busy ones. Without `--expose-gc` (see `tools/runtime.mjs`) nothing happens.
 */
export function giveBackMemory(): void {
  const { gc } = globalThis
  if (gc === undefined) return
  const collect = (): number => {
    gc({ type: 'major', flavor: 'last-resort' })
    return process.memoryUsage.rss()
  }
  const look = createMemoryWatch(collect)
  let before = performance.eventLoopUtilization()
  setInterval(() => {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, before)
    before = now
    look({ utilization, residentBytes: process.memoryUsage.rss() })
  }, LOOK_EVERY_MS).unref()
}

export interface MemoryLook {
  /** 0 to 1, of the event loop since the look before */
  readonly utilization: number
  readonly residentBytes: number
}

/**
 * Collects once by itself.
 *
 * @param collect - @returns the bytes that are left
 * @returns what collects again where it was quiet and there is more to give back than there was after the last time
 */
export function createMemoryWatch(collect: () => number): (look: MemoryLook) => void {
  let left = collect()
  return ({ utilization, residentBytes }) => {
    if (utilization < QUIET_UTILIZATION && residentBytes - left >= WORTH_BYTES) left = collect()
  }
}
