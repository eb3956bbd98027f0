// `npm start`: runs the demo world until Ctrl-C, or once with --once. What keeps it from starting is said before anything
// large is loaded or built.
import { parseOptions, USAGE, type WorldOptions } from './options.ts'
import { findFreeBase, mustBeFree } from './ports.ts'
import { WorldError } from './world-error.ts'

const EXIT = { done: 0, failed: 1, usage: 2 } as const

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
    return (await run(options)) ? EXIT.done : EXIT.failed
  } catch (error) {
    console.error(error instanceof WorldError ? `error: ${error.message}` : error)
    return EXIT.failed
  }
}

async function run({ portBase, topology, once }: WorldOptions): Promise<boolean> {
  const base = portBase === 0 ? await findFreeBase() : portBase
  await mustBeFree(base)
  const { runOnce, runUntilStopped } = await import('./run-world.ts')
  return once ? runOnce(base, topology) : runUntilStopped(base, topology)
}
