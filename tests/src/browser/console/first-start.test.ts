// From an empty folder to a signed-in console: `init`, `serve`, and what these two print. Nothing is exported, edited or
// guessed between.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseEnv } from 'node:util'

import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeWithBrowser, launchBrowser } from '../../../../tools/test-browser.ts'
import { crosswalk } from '../../cli/run-crosswalk.ts'
import { findFreePort } from '../../support/free-port.ts'
import { buildConsole } from './build-console.ts'

const CLI = fileURLToPath(new URL('../../../../apps/cli/src/main.ts', import.meta.url))

describeWithBrowser('a first start', () => {
  let folder = ''
  let server: ChildProcess | undefined
  beforeAll(() => {
    buildConsole()
    folder = mkdtempSync(join(tmpdir(), 'crosswalk-first-'))
  })
  afterAll(() => {
    server?.kill('SIGKILL')
    rmSync(folder, { recursive: true })
  })

  /** Runs `serve` in the folder, without one variable set, until it says where the console is. */
  async function serve(): Promise<string> {
    const flags = ['--conditions=crosswalk-source', '--disable-warning=ExperimentalWarning']
    const child = spawn(process.execPath, [...flags, CLI, 'serve'], {
      cwd: folder,
      env: { PATH: process.env['PATH'] },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    server = child
    let said = ''
    return new Promise((resolve, reject) => {
      child.stderr.on('data', (chunk: Buffer) => {
        said += chunk.toString()
        const [line] = /^console .*$/m.exec(said) ?? []
        if (line !== undefined) resolve(line)
      })
      child.on('exit', (code) => reject(new Error(`serve ended with ${code}: ${said}`)))
    })
  }

  it('ends in the console, signed in as the first user', async () => {
    const port = await findFreePort()
    const baseUrl = `http://127.0.0.1:${port}`
    const made = await crosswalk(['init', '--yes', '--folder', folder, '--base-url', baseUrl])
    expect(made.exitCode).toBe(0)
    expect(made.err).toContain(`open ${baseUrl}/admin and sign in as admin`)
    const checked = await crosswalk(['config', 'check', '--config', join(folder, 'crosswalk.yaml')])
    expect(checked).toMatchObject({ exitCode: 0, err: '' })
    expect(checked.out).toMatch(/^OK: /)

    const line = await serve()
    const [, url = '', username = ''] = /^console +(\S+) {2}sign in as (\S+)$/.exec(line) ?? []
    const { FIRST_USER_PASSWORD: password = '' } = parseEnv(
      readFileSync(join(folder, 'crosswalk.env'), 'utf8'),
    )
    await using browser = await launchBrowser()
    const page = await browser.newPage()
    page.setDefaultTimeout(20_000)
    await page.goto(url)
    await page.getByRole('link', { name: 'Sign in' }).click()
    await page.getByLabel('User name').fill(username)
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.locator('#page').waitFor()
    expect(new URL(page.url()).pathname).toBe('/admin/')
    await page.getByRole('link', { name: 'Connections' }).first().click()
    await page
      .getByRole('link', { name: /First agent/ })
      .first()
      .waitFor()
  }, 120_000)
})
