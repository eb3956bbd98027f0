// Processes of this machine: process trees, signals to several processes, and programs whose output goes to a file.
import { type ChildProcess, spawn } from 'node:child_process'
import { openSync, readdirSync, readFileSync } from 'node:fs'

/** @returns a process and all its descendants; empty if it has ended */
export function listTree(pid: number): readonly number[] {
  try {
    const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    )
    return [pid, ...children.flatMap(listTree)]
  } catch {
    return []
  }
}

export function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
    } catch {
      // It has already ended.
    }
  }
}

export interface Daemon {
  readonly command: readonly string[]
  readonly log: string
  readonly environment?: NodeJS.ProcessEnv
}

export function startDaemon({ command: [program = '', ...args], log, environment }: Daemon): ChildProcess {
  const output = openSync(log, 'a')
  return spawn(program, args, { stdio: ['ignore', output, output], env: { ...process.env, ...environment } })
}
