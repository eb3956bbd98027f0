// Runs the demo world in the foreground: until a signal, or once as each user.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

import { describeWorld } from './describe-world.ts'
import { playOnce } from './once/play-once.ts'
import { startWorld, type World } from './start-world.ts'
import type { Topology } from './topology.ts'
import { WorldError } from './world-error.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

const stopSignal = new Promise<NodeJS.Signals>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, resolve)
})

/** @returns false if a program ended by itself */
export async function runUntilStopped(base: number, topology: Topology): Promise<boolean> {
  buildConsole()
  console.error('Starting the demo world …')
  const folder = join(ROOT, 'data', 'demo', topology === 'vendors' ? String(base) : `${base}-${topology}`)
  const world = await startWorld(base, relative(process.cwd(), folder), { topology })
  console.log(describeWorld(world))
  const failure = await Promise.race([stopSignal.then(() => undefined), world.failed])
  console.error(failure === undefined ? '\nStopping …' : `\nerror: ${failure}\nStopping …`)
  await world.stop()
  return failure === undefined
}

/**
 * Does nothing if the console is already built. Without it, everything else works, and its page explains what is
 * missing.
 */
function buildConsole(): void {
  const file = fileURLToPath(new URL('../../../apps/console/build.ts', import.meta.url))
  spawnSync(process.execPath, [...process.execArgv, file], { stdio: ['ignore', 'ignore', 'inherit'] })
}

/** In a temporary folder, so that every run has the same result. @returns false if a leg did not end as expected */
export async function runOnce(base: number, topology: Topology): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'crosswalk-demo-'))
  try {
    const world = await startWorld(base, folder, { topology })
    try {
      return await play(world)
    } finally {
      await world.stop()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function play(world: World): Promise<boolean> {
  const interrupted = stopSignal.then((signal) => `stopped by ${signal}`)
  const outcome = await Promise.race([playOnce(world, console.log), world.failed, interrupted])
  if (typeof outcome === 'string') throw new WorldError(outcome)
  return outcome.failed === 0
}
