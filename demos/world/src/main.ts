// `npm start`: runs the demo world until Ctrl-C, or once with --once.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

import { describeWorld } from './describe-world.ts'
import { playOnce } from './once/play-once.ts'
import { parseOptions, USAGE, type WorldOptions } from './options.ts'
import { findFreeBase } from './ports.ts'
import { startWorld, type World, WorldError } from './start-world.ts'

const EXIT = { done: 0, failed: 1, usage: 2 } as const
const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

const stopSignal = new Promise<NodeJS.Signals>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, resolve)
})

process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  let options: WorldOptions
  try {
    options = parseOptions(args)
  } catch (error) {
    console.error(`error: ${error instanceof Error ? error.message : String(error)}`)
    return EXIT.usage
  }
  if (options.help) {
    console.log(USAGE)
    return EXIT.done
  }
  try {
    return options.once ? await runOnce(options) : await runUntilStopped(options)
  } catch (error) {
    console.error(error instanceof WorldError ? `error: ${error.message}` : error)
    return EXIT.failed
  }
}

async function runUntilStopped({ portBase, topology }: WorldOptions): Promise<number> {
  const base = portBase === 0 ? await findFreeBase() : portBase
  buildConsole()
  console.error('Starting the demo world …')
  const folder = join(ROOT, 'data', 'demo', topology === 'vendors' ? String(base) : `${base}-${topology}`)
  const world = await startWorld(base, relative(process.cwd(), folder), { topology })
  console.log(describeWorld(world))
  const failure = await Promise.race([stopSignal.then(() => undefined), world.failed])
  console.error(failure === undefined ? '\nStopping …' : `\nerror: ${failure}\nStopping …`)
  await world.stop()
  return failure === undefined ? EXIT.done : EXIT.failed
}

/**
 * Does nothing if the console is already built. Without it, everything else works, and its page explains what is
 * missing.
 */
function buildConsole(): void {
  const file = fileURLToPath(new URL('../../../apps/console/build.ts', import.meta.url))
  spawnSync(process.execPath, [...process.execArgv, file], { stdio: ['ignore', 'ignore', 'inherit'] })
}

/** In a temporary folder, so that every run has the same result. */
async function runOnce({ portBase, topology }: WorldOptions): Promise<number> {
  const base = portBase === 0 ? await findFreeBase() : portBase
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

async function play(world: World): Promise<number> {
  const interrupted = stopSignal.then((signal) => `stopped by ${signal}`)
  const outcome = await Promise.race([playOnce(world, console.log), world.failed, interrupted])
  if (typeof outcome === 'string') throw new WorldError(outcome)
  return outcome.failed === 0 ? EXIT.done : EXIT.failed
}
