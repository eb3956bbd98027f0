// Runs one process of the world: starts it, waits until it is ready, notices when it ends, and stops it.
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import type { Program } from './programs.ts'

export interface RunningProgram {
  readonly program: Program
  /** Resolves with the reason when the process ends, requested or not */
  readonly ended: Promise<string>
  /** Stops it with SIGTERM, and with SIGKILL after a while. */
  stop(): Promise<void>
  readLastLines(): string
}

const CHILD = fileURLToPath(new URL('child.ts', import.meta.url))
const STOP_GRACE_MS = 12_000
const POLL_MS = 100
const LAST_LINES = 20

/** @param logFile - for the output of the process */
export function runProgram(program: Program, logFile: string): RunningProgram {
  const log = openSync(logFile, 'w', 0o600)
  const child = spawn(process.execPath, [...process.execArgv, CHILD, program.file, ...program.args], {
    env: { PATH: process.env['PATH'], NODE_ENV: process.env['NODE_ENV'], ...program.environment },
    stdio: ['ignore', log, log, 'ipc'],
    // Ctrl-C signals the whole foreground process group; detached programs stop only when the world stops them.
    detached: true,
  })
  closeSync(log)
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`))
  })
  return {
    program,
    ended,
    stop: () => stop(child, ended),
    readLastLines: () => readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-LAST_LINES).join('\n'),
  }
}

/** Resolves once the program is ready; never if it ends first: also watch `ended`. */
export async function untilReady({ program }: RunningProgram, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const ready = await fetch(program.readyUrl, { signal }).then(
      ({ ok }) => ok,
      () => false,
    )
    if (ready) return
    await sleep(POLL_MS)
  }
}

async function stop(child: ChildProcess, ended: Promise<string>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  const giveUp = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS)
  await ended
  clearTimeout(giveUp)
}
