// Finds out, before anything starts, whether the ports of the world are free.
import { createServer } from 'node:net'

import { PORT_COUNT } from './addresses.ts'

const ATTEMPTS = 50
const LOWEST = 20_000
const HIGHEST = 60_000

/** @returns the ports of a world at `base` that somebody else listens on */
export async function findTakenPorts(base: number): Promise<readonly number[]> {
  const ports = Array.from({ length: PORT_COUNT }, (_, at) => base + at)
  const free = await Promise.all(ports.map(isFree))
  return ports.filter((_, at) => free[at] !== true)
}

/** @returns a base of free ports; @throws Error when there is none to be found */
export async function findFreeBase(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const base = LOWEST + PORT_COUNT * Math.floor((Math.random() * (HIGHEST - LOWEST)) / PORT_COUNT)
    if ((await findTakenPorts(base)).length === 0) return base
  }
  throw new Error('no five free ports in a row were found')
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
