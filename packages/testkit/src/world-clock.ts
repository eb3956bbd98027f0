// The clock of a world: stands still until it is moved.

export interface WorldClock {
  nowMs(): number
  /** @throws RangeError for a step back, since nothing in a world can un-happen */
  advance(seconds: number): void
}

export function createWorldClock(startMs: number): WorldClock {
  let nowMs = startMs
  return {
    nowMs: () => nowMs,
    advance(seconds) {
      if (!(seconds >= 0)) throw new RangeError('a clock is advanced by 0 seconds or more')
      nowMs += seconds * 1000
    },
  }
}
