// How a signal stops a server: orchestrators send SIGTERM while they remove it from the load balancer, so it drains
// first; a developer who presses Ctrl-C does not want to wait.

export interface Stoppable {
  drain(): Promise<void>
  close(): Promise<void>
}

/** Resolves on the first SIGTERM or SIGINT. Later signals are ignored, because stopping takes a bounded time. */
export function waitForStopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve(signal))
  })
}

export async function stopOnSignal(signal: NodeJS.Signals, server: Stoppable): Promise<void> {
  if (signal === 'SIGTERM') await server.drain()
  await server.close()
}
