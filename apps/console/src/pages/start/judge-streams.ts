// What streams amount to: the worst decides.

export interface Stream {
  readonly lagSeconds: number
  readonly failing: boolean
  readonly behind: boolean
}

export interface StreamHealth {
  readonly count: number
  readonly failing: number
  /** Not failing, and late by more than a moment */
  readonly behind: number
  /** Of the latest */
  readonly lagSeconds: number
}

/** Whatever is on its way is behind for a moment; this long is more. */
const LATE_SECONDS = 60

export function judgeStreams(streams: readonly Stream[]): StreamHealth {
  return {
    count: streams.length,
    failing: streams.filter(({ failing }) => failing).length,
    behind: streams.filter(
      ({ failing, behind, lagSeconds }) => !failing && behind && lagSeconds >= LATE_SECONDS,
    ).length,
    lagSeconds: Math.max(0, ...streams.map(({ lagSeconds }) => lagSeconds)),
  }
}
