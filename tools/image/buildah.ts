// Runs buildah without a daemon or container runtime: plain files, isolation by chroot.
import { spawnSync } from 'node:child_process'

export interface Outcome {
  readonly status: number | null
  readonly output: string
}

/** @param storage - the folder for images and containers */
export function createBuildah(storage: string) {
  const place = ['--root', `${storage}/root`, '--runroot', `${storage}/run`, '--storage-driver', 'vfs']
  function tryRun(...args: readonly string[]): Outcome {
    const { status, stdout, stderr } = spawnSync('buildah', [...place, ...args], {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    })
    return { status, output: `${stdout}${stderr}` }
  }
  function run(...args: readonly string[]): string {
    const { status, output } = tryRun(...args)
    if (status !== 0) throw new Error(`buildah ${args[0]} exited with ${status}:\n${output.slice(-4000)}`)
    return output.trim()
  }
  return { place, run, tryRun }
}

/** If the machine's limits are lower than buildah's defaults, buildah fails without these. */
export const LIMITS = ['--ulimit', 'nofile=20000:20000', '--ulimit', 'nproc=30000:30000']
