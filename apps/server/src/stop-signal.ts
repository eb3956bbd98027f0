/** Resolves on the first SIGTERM or SIGINT. Later signals are ignored, because stopping takes a bounded time. */
export function waitForStopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve(signal))
  })
}
