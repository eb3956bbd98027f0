// The tutorials, followed to the letter: their files written as they stand there, their commands run, and what they say is
// printed compared. Installing is not repeated, only whether what is installed is there.
import { execFile, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { afterAll, describe, expect, it } from 'vitest'

import { readSnippets, type Snippet } from '../packages/snippets.ts'

const run = promisify(execFile)
const PAGES = fileURLToPath(new URL('../../../docs/tutorials/', import.meta.url))
/** Inside the workspace of the tests, where every package is at hand as it is for who installed it. */
const FOLDER = fileURLToPath(new URL('../../dist/tutorials/', import.meta.url))
const MODULES = ['../../../node_modules/', '../../node_modules/'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
)
const FLAGS = ['--conditions=crosswalk-source', '--disable-warning=ExperimentalWarning']

afterAll(() => rmSync(FOLDER, { recursive: true, force: true }))

const pages = readdirSync(PAGES).filter((name) => name.endsWith('.md'))

it('there are three', () => expect(pages).toHaveLength(3))

describe.each(pages)('%s', (page) => {
  const folder = join(FOLDER, page.replace('.md', ''))
  const snippets = readSnippets(join(PAGES, page))
  const files = snippets.filter(({ language }) => language === 'ts')
  const commands = snippets.flatMap(({ language, code }, at) =>
    language === 'sh'
      ? code
          .trim()
          .split('\n')
          .map((command) => ({ command, shown: snippets[at + 1] }))
      : [],
  )

  it('names a file for each piece of code', () => {
    expect(files.map(({ info }) => info)).toEqual(expect.arrayContaining(['try.ts', 'main.ts']))
    mkdirSync(folder, { recursive: true })
    for (const { info, code } of files) writeFileSync(join(folder, info), code)
  })

  it('installs what there is', () => {
    const names = commands
      .filter(({ command }) => command.startsWith('npm install '))
      .flatMap(({ command }) => command.split(' ').slice(2))
      .filter((name) => !name.startsWith('-'))
    expect(names.length).toBeGreaterThan(0)
    const missing = names.filter(
      (name) => !MODULES.some((modules) => existsSync(join(modules, name, 'package.json'))),
    )
    expect(missing).toEqual([])
  })

  const runnable = commands.filter(({ command }) => command.startsWith('node '))
  it.each(runnable)('$command prints what stands there', async ({ command, shown }) => {
    expect(await print(folder, command.split(' ').slice(1))).toBe(requireText(shown))
  })

  it('ends with a program that starts', async () => {
    const env = { ...process.env, PORT: '0', DATABASE: 'sqlite::memory:' }
    const child = spawn(process.execPath, [...FLAGS, 'main.ts'], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let printed = ''
    const listens = /listening/.test(files.find(({ info }) => info === 'main.ts')?.code ?? '')
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        printed += text
        if (printed.includes('listening')) child.kill('SIGTERM')
      })
    const code = await new Promise((resolve) => child.once('close', resolve))
    expect({ code, printed }).toEqual({ code: 0, printed: listens ? 'listening\n' : '' })
  })
})

function requireText(snippet: Snippet | undefined): string {
  if (snippet?.language !== 'text') throw new Error('the page does not say what is printed')
  return snippet.code
}

async function print(folder: string, args: readonly string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [...FLAGS, ...args], { cwd: folder })
  return stdout
}
