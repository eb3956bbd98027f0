// Checks that the ports of the world are free before anything starts.
import { createServer } from 'node:net'

import { isBlockedPort } from '@crosswalk/protocol'

import { PORT_COUNT } from './addresses.ts'
import { WorldError } from './world-error.ts'

const ATTEMPTS = 50
/** Below the ports that operating systems give to clients, since one of those could be taken at any moment. */
const LOWEST = 20_000
const HIGHEST = 32_000

function listPorts(base: number): readonly number[] {
  return Array.from({ length: PORT_COUNT }, (_, at) => base + at)
}

/** @throws WorldError with a fix unless a world can start at `base` */
export async function mustBeFree(base: number): Promise<void> {
  const blocked = findBlockedPort(base)
  if (blocked !== undefined) throw new WorldError(`browsers block port ${blocked}; ${await describeWayOut()}`)
  const taken = await findTakenPorts(base)
  if (taken.length === 0) return
  const which = taken.length === 1 ? `port ${taken[0]} is` : `ports ${taken.join(', ')} are`
  throw new WorldError(`${which} in use; ${await describeWayOut()}`)
}

async function describeWayOut(): Promise<string> {
  return `try --port-base ${await suggestBase()} (with npm start, after --)`
}

/** @returns the first port of a world at `base` that browsers block */
function findBlockedPort(base: number): number | undefined {
  return listPorts(base).find(isBlockedPort)
}

const SUGGESTIONS = [14_000, 24_000, 34_000, 44_000, 54_000]

/** @returns a base whose ports are free and not blocked by browsers; 0, which picks free ones, if no suggestion fits */
async function suggestBase(): Promise<number> {
  for (const base of SUGGESTIONS) if ((await findTakenPorts(base)).length === 0) return base
  return 0
}

/** @returns the ports of a world at `base` that are in use */
async function findTakenPorts(base: number): Promise<readonly number[]> {
  const ports = listPorts(base)
  const free = await Promise.all(ports.map(isFree))
  return ports.filter((_, at) => free[at] !== true)
}

/** @returns a base of free ports; @throws Error if none is found */
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
