// The overall state of event streams: that of the worst.

export interface Stream {
  readonly lagSeconds: number
  readonly failing: boolean
  readonly behind: boolean
}

export interface StreamHealth {
  readonly count: number
  readonly failing: number
  /** Not failing, but delayed */
  readonly behind: number
  /** Of the latest */
  readonly lagSeconds: number
}

/** Events in transit cause a short lag; longer than this counts as delayed. */
const LATE_SECONDS = 60

export function findStreamHealth(streams: readonly Stream[]): StreamHealth {
  return {
    count: streams.length,
    failing: streams.filter(({ failing }) => failing).length,
    behind: streams.filter(
      ({ failing, behind, lagSeconds }) => !failing && behind && lagSeconds >= LATE_SECONDS,
    ).length,
    lagSeconds: Math.max(0, ...streams.map(({ lagSeconds }) => lagSeconds)),
  }
}
