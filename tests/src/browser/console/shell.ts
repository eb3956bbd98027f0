// A terminal for tutorials: runs commands as they stand on a page, each block after what the blocks before it have set.
import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const CROSSWALK = fileURLToPath(new URL('../../../../apps/cli/bin/crosswalk.mjs', import.meta.url))

export interface RunningBlock {
  readonly ended: Promise<number | null>
  printed(): string
  /** @throws Error with what it printed, when it ends first */
  waitFor(pattern: RegExp): Promise<RegExpExecArray>
  stop(): Promise<void>
}

export interface Shell {
  /** What blocks after this one find set */
  remember(line: string): void
  start(commands: string): RunningBlock
}

/** @param folder - where it stands; `npx crosswalk` is the command line of this repository there */
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

/** With what it started itself. */
function endGroup({ pid }: ChildProcess): void {
  if (pid !== undefined) process.kill(-pid, 'SIGTERM')
}
