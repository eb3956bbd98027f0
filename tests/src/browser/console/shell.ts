// A terminal for tutorials: runs the command blocks of a page in order, each with the variables of the earlier ones.
import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const CROSSWALK = fileURLToPath(new URL('../../../../apps/cli/bin/crosswalk.mjs', import.meta.url))

export interface RunningBlock {
  readonly ended: Promise<number | null>
  printed(): string
  /** @throws Error with its output, if it exits first */
  waitFor(pattern: RegExp): Promise<RegExpExecArray>
  stop(): Promise<void>
}

export interface Shell {
  /** Variables for later blocks */
  remember(line: string): void
  start(commands: string): RunningBlock
}

/** @param folder - working directory, in which `npx crosswalk` is this repository's CLI */
export function openShell(folder: string): Shell {
  const bin = join(folder, '.bin')
  mkdirSync(bin)
  const npx = join(bin, 'npx')
  writeFileSync(
    npx,
    `#!/bin/sh\n[ "$1" = crosswalk ] && shift && exec "${process.execPath}" "${CROSSWALK}" "$@"\n`,
  )
  chmodSync(npx, 0o700)
  const before: string[] = [`PATH="${bin}:$PATH"`]
  return {
    remember: (line) => void before.push(line),
    start: (commands) => startBlock(['set -e', ...before, commands].join('\n'), folder),
  }
}

function startBlock(script: string, cwd: string): RunningBlock {
  const child = spawn('/bin/bash', ['-c', script], { cwd, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  let printed = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (printed += text))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  return {
    ended,
    printed: () => printed,
    async waitFor(pattern) {
      for (;;) {
        const found = pattern.exec(printed)
        if (found !== null) return found
        if (child.exitCode !== null) throw new Error(`it ended: ${printed}`)
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    },
    async stop() {
      if (child.exitCode === null) endGroup(child)
      await ended
    },
  }
}

/** Together with its child processes. */
function endGroup({ pid }: ChildProcess): void {
  if (pid !== undefined) process.kill(-pid, 'SIGTERM')
}
