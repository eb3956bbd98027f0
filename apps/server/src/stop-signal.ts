/** Resolves at the first SIGTERM or SIGINT; later ones are taken and change nothing, since stopping is bounded. */
export function untilStopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve(signal))
  })
}
