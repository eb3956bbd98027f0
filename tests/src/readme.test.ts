// Starts the demo world as README.md says, and compares its table. Uses free ports, since 4000 may be taken, and only a dry run of `npm ci`,
// which would remove the packages under the running tests. `demo/once.test.ts` runs the other command of the page.
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const README = readFileSync(join(ROOT, 'README.md'), 'utf8')

const START = 'npm ci && npm start'

describe('README.md', () => {
  it(`${START}: prints the table that stands there, and stops on Ctrl-C`, async () => {
    const rehearsed = `${START.replace('npm ci', 'npm ci --dry-run --offline')} -- --port-base 0`
    const command = run(rehearsed)
    await command.untilPrinted('The demo world is up.')
    await command.untilPrinted('Ctrl-C stops everything.')
    process.kill(-(command.child.pid ?? 0), 'SIGINT')
    // The shell in between is killed by the signal, so the exit code means nothing.
    await command.ended
    const printed = command.printed()
    expect(printed).toMatch(/\n\nStopping …\n$/)
    const agent0 = /Agent0 +(http:\S+)/.exec(printed)?.[1] ?? ''
    await expect(fetch(agent0)).rejects.toThrow('fetch failed')
    for (const line of findTable()) expect(printed).toContain(line)
    const folder = /passwords are in ([^\s,]+), /.exec(printed)?.[1] ?? ''
    expect(folder).toMatch(/^data\/demo\/\d+$/)
    rmSync(join(ROOT, folder), { recursive: true })
  })
})

/** The last column of the table of users, without machine-specific parts. */
function findTable(): readonly string[] {
  const lines = [...README.matchAll(/^ +(?:alice|bob|carol|dave) +####-####-#### +(.+)$/gm)]
  expect(lines).toHaveLength(4)
  return lines.map(([, expectation = '']) => expectation)
}

interface Running {
  readonly child: ChildProcess
  /** Exit code */
  readonly ended: Promise<number | null>
  printed(): string
  /** @throws if the command exits first */
  untilPrinted(text: string): Promise<void>
}

function run(command: string): Running {
  const child = spawn(command, { cwd: ROOT, shell: true, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  let printed = ''
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', resolve)
  })
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (printed += text))
  return {
    child,
    ended,
    printed: () => printed,
    untilPrinted: (text) =>
      new Promise((resolve, reject) => {
        const look = () => (printed.includes(text) ? resolve() : undefined)
        child.stdout.on('data', look)
        void ended.then(() => reject(new Error(`ended before it printed "${text}":\n${printed}`)))
        look()
      }),
  }
}
