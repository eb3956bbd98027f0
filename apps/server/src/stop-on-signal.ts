// How a signal stops a server: orchestrators send SIGTERM while they remove it from the load balancer, so it drains
// first; a developer who presses Ctrl-C does not want to wait.

export interface Stoppable {
  drain(): Promise<void>
  close(): Promise<void>
}

export async function stopOnSignal(signal: NodeJS.Signals, server: Stoppable): Promise<void> {
  if (signal === 'SIGTERM') await server.drain()
  await server.close()
}
