// How a signal stops a server: an orchestrator sends SIGTERM and takes it off the load balancer meanwhile, and a
// developer who presses Ctrl-C does not want to wait.

export interface Stoppable {
  drain(): Promise<void>
  close(): Promise<void>
}

export async function stopBy(signal: NodeJS.Signals, server: Stoppable): Promise<void> {
  if (signal === 'SIGTERM') await server.drain()
  await server.close()
}
