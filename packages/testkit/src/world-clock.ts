// The clock of a world: constant until it is advanced.

export interface WorldClock {
  nowMs(): number
  /** @throws RangeError for a negative step, since nothing in a world can be undone */
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
