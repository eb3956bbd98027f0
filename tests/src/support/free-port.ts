// A free port on this machine, for programs that need one in advance.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export async function findFreePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return port
}
