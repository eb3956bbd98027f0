// Follows the tutorials: writes their files, runs their commands and compares the printed output. Packages are not installed again, only
// checked for existence.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { afterAll, describe, expect, it } from 'vitest'

import { readTutorial, TUTORIALS } from '../support/read-tutorial.ts'

const run = promisify(execFile)
/** Inside the tests workspace, where every package can be imported as if installed. */
const FOLDER = fileURLToPath(new URL('../../dist/tutorials/', import.meta.url))
const MODULES = ['../../../node_modules/', '../../node_modules/'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
)
/** Our own packages, as `docs/how-to/install-packages.md` builds them */
const ARCHIVES = '~/crosswalk-packages/*.tgz'
const FLAGS = ['--conditions=crosswalk-source', '--disable-warning=ExperimentalWarning']

afterAll(() => rmSync(FOLDER, { recursive: true, force: true }))

it('there are three', () => expect(TUTORIALS).toHaveLength(3))

describe.each(TUTORIALS)('%s', (page) => {
  const { files, commands, write } = readTutorial(page)
  const folder = write(FOLDER)

  it('names a file for each piece of code', () => {
    expect(files.map(({ name }) => name)).toEqual(expect.arrayContaining(['try.ts', 'main.ts']))
  })

  it('installs existing packages', () => {
    const names = commands
      .filter(({ command }) => command.startsWith('npm install '))
      .flatMap(({ command }) => command.split(' ').slice(2))
    expect(names).toContain(ARCHIVES)
    const missing = names.filter(
      (name) =>
        name !== ARCHIVES && !MODULES.some((modules) => existsSync(join(modules, name, 'package.json'))),
    )
    expect(missing).toEqual([])
  })

  const runnable = commands.filter(({ command }) => command.startsWith('node '))
  it.each(runnable)('$command prints the documented output', async ({ command, printed }) => {
    if (printed === undefined) throw new Error('the page does not show the output')
    expect(await print(folder, command.split(' ').slice(1))).toBe(printed)
  })

  it('ends with a program that starts', async () => {
    const env = { ...process.env, PORT: '0', DATABASE: 'sqlite::memory:' }
    const child = spawn(process.execPath, [...FLAGS, 'main.ts'], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let printed = ''
    const listens = /listening/.test(files.find(({ name }) => name === 'main.ts')?.code ?? '')
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        printed += text
        if (printed.includes('listening')) child.kill('SIGTERM')
      })
    const code = await new Promise((resolve) => child.once('close', resolve))
    expect({ code, printed }).toEqual({ code: 0, printed: listens ? 'listening\n' : '' })
    if (listens) expect(await printWithTakenPort(folder)).toContain('EADDRINUSE')
  })
})

/** @returns the errors of the program, whose port is in use */
async function printWithTakenPort(folder: string): Promise<string> {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as AddressInfo
  const env = { ...process.env, PORT: String(port), DATABASE: 'sqlite::memory:' }
  const error = await run(process.execPath, [...FLAGS, 'main.ts'], { cwd: folder, env }).catch(
    (thrown: unknown) => thrown as { readonly stderr: string },
  )
  taken.close()
  return error.stderr
}

async function print(folder: string, args: readonly string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [...FLAGS, ...args], { cwd: folder })
  return stdout
}
