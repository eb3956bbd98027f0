// `crosswalk demo`: runs the demo world of the repository as a child process, like `npm start` there.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import type { Command } from 'commander'

import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import type { CommandTerminal } from '../terminal.ts'

const WORLD = fileURLToPath(new URL('../../../../demos/world/src/main.ts', import.meta.url))
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export function addDemoCommand(program: Command, terminal: CommandTerminal): void {
  program
    .command('demo')
    .description('run the demo world until Ctrl-C, or once')
    .option('--port-base <number>', 'first of five ports; 0 picks free ones')
    .option('--once', 'run the whole flow once, print every leg, and stop')
    .action(async ({ portBase, once }: { portBase?: string; once?: true }) => {
      if (!existsSync(WORLD))
        throw new CliError(
          EXIT.notFound,
          'the demo world is not part of this installation',
          'run this in a checkout of the repository, or create your own server: npx crosswalk init',
        )
      const args = [
        ...(portBase === undefined ? [] : ['--port-base', portBase]),
        ...(once === true ? ['--once'] : []),
      ]
      terminal.endWith(await runWorld(terminal, args))
    })
}

/** @returns the exit code of the world, which uses the same codes */
async function runWorld(terminal: CommandTerminal, args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [...process.execArgv, WORLD, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    terminal.writeOut(text)
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    terminal.writeErr(text)
  })
  // The world stops its own processes; this process only forwards signals.
  const forward = (signal: NodeJS.Signals) => void child.kill(signal)
  for (const signal of SIGNALS) process.on(signal, forward)
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code) => {
        resolve(code ?? EXIT.failure)
      })
    })
  } finally {
    for (const signal of SIGNALS) process.off(signal, forward)
  }
}
