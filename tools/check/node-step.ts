// A step of `npm run check` that runs a script on the same Node.js with the same flags.
import { spawn } from 'node:child_process'

import type { Step, StepOutcome } from './run-steps.ts'

/** @param args - the script's path from the root, then its arguments; exit code 0 is a pass */
export function nodeStep(name: string, root: string, args: readonly string[]): Step {
  return { name, run: () => runScript(root, args) }
}

function runScript(root: string, args: readonly string[]): Promise<StepOutcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...process.execArgv, ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        output += chunk
      })
    }
    child.on('error', reject)
    child.on('close', (code) => resolve({ passed: code === 0, output }))
  })
}
