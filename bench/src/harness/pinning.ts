// Pins servers and the load generator to separate CPUs, if Linux and a second CPU allow it.
import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

const SERVER_CPU = 0
const GENERATOR_CPU = 1

/** Read before this process is pinned */
const CPUS = availableParallelism()

const mayPin = CPUS > 1 && spawnSync('taskset', ['--version']).status === 0

/** @returns the command line that runs `command` on the servers' CPU */
export function pinServer(command: readonly [string, ...string[]]): readonly [string, ...string[]] {
  return mayPin ? ['taskset', '--cpu-list', `${SERVER_CPU}`, ...command] : command
}

/** Lets this process and its children run on every CPU. */
export function unpin(): void {
  if (mayPin) spawnSync('taskset', ['--all-tasks', '--pid', '--cpu-list', `0-${CPUS - 1}`, `${process.pid}`])
}

/** Pins this process and all its threads to the generator's CPU. @returns the setup, for the report */
export function pinGenerator(): string {
  if (!mayPin) return 'not pinned: needs taskset and two CPUs, so expect a wider spread'
  spawnSync('taskset', ['--all-tasks', '--pid', '--cpu-list', `${GENERATOR_CPU}`, `${process.pid}`])
  return `servers on CPU ${SERVER_CPU}, load generator on CPU ${GENERATOR_CPU}`
}
