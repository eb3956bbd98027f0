// Follows the console tutorial in a real browser: runs its commands, presses and fills in what is bold, waits for what it quotes, and takes its
// pictures.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeWithBrowser, openTestBrowser, type TestBrowser } from '../../../../tools/test-browser.ts'
import { findFreePort } from '../../support/free-port.ts'
import { buildConsole } from './build-console.ts'
import { untilSettled } from './console-world.ts'
import { type PageStep, readPage } from './page-steps.ts'
import { fillNamed, pressNamed } from './press-named.ts'
import { openShell, type RunningBlock, type Shell } from './shell.ts'
import { snap } from './snap.ts'

const PAGE = fileURLToPath(
  new URL('../../../../docs/tutorials/connect-two-apps-in-the-console.md', import.meta.url),
)

describeWithBrowser('the tutorial of the console', () => {
  const folder = mkdtempSync(join(tmpdir(), 'crosswalk-tutorial-'))
  const started: RunningBlock[] = []
  let browser: TestBrowser
  let page: Page
  let shell: Shell
  let baseUrl = ''
  /** Free ports on this machine. */
  let replaced: Readonly<Record<string, string>> = {}
  const complaints: string[] = []
  beforeAll(async () => {
    buildConsole()
    browser = await openTestBrowser()
    page = await browser.newPage({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' })
    page.setDefaultTimeout(12_000)
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
    })
    shell = openShell(folder)
    baseUrl = `http://127.0.0.1:${await findFreePort()}`
    replaced = {
      'init --yes': `init --yes --base-url ${baseUrl}`,
      'http://127.0.0.1:4000': baseUrl,
      '127.0.0.1:8765': `127.0.0.1:${await findFreePort()}`,
    }
  })
  afterAll(async () => {
    for (const block of started) await block.stop()
    await browser.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Shown once, and stored in the second terminal. */
  let idpSecret = ''
  const secretOf = (name: string) => (name === 'CROSSWALK_IDP_SECRET' ? idpSecret : readSecret(name))
  const readSecret = (name: string) =>
    new RegExp(`^${name}='?([^'\n]+)'?$`, 'm').exec(
      readFileSync(join(folder, 'crosswalk.env'), 'utf8'),
    )?.[1] ?? ''

  async function run(commands: string): Promise<void> {
    if (commands.startsWith('export CROSSWALK_IDP_SECRET=')) {
      idpSecret = await page.getByRole('region', { name: 'Client secret' }).innerText()
      return shell.remember(`export CROSSWALK_IDP_SECRET='${idpSecret}'`)
    }
    if (commands.includes('--sign-in')) await expectShown(commands)
    const block = shell.start(commands)
    started.push(block)
    if (commands.includes('crosswalk serve')) {
      await block.waitFor(/^console /m)
      await page.goto(`${baseUrl}/admin`)
    } else if (commands.includes('--sign-in')) await signInAt(block)
    else expect(await block.ended, block.printed()).toBe(0)
  }

  /** The console shows the same command without `--no-call`. */
  async function expectShown(commands: string): Promise<void> {
    const plain = (text: string) => text.replaceAll(/\\\n|\s+/g, ' ').trim()
    const shown = page.getByRole('region', { name: 'Command line' })
    expect(plain(commands).replace(' --no-call', '')).toContain(plain(await shown.innerText()))
  }

  /** Signs in as the user, in another tab. */
  async function signInAt(block: RunningBlock): Promise<void> {
    const [, address = ''] = await block.waitFor(/sign in:\n(\S+)/)
    const tab = await browser.newPage()
    await tab.goto(address)
    await tab.getByLabel('User name').fill('admin')
    await tab.getByLabel('Password').fill(secretOf('FIRST_USER_PASSWORD'))
    await tab.getByRole('button', { name: 'Sign in' }).click()
    await block.ended
    await tab.close()
  }

  async function follow(step: PageStep): Promise<void> {
    switch (step.do) {
      case 'run':
        return run(step.commands)
      case 'press':
        return pressNamed(page, step.name)
      case 'fill': {
        const value = /^[A-Z_]+$/.test(step.value) ? secretOf(step.value) : step.value
        return fillNamed(page, step.name, value)
      }
      case 'see':
        return page.getByText(step.words).first().waitFor()
      case 'snap':
        await untilSettled(page)
        return snap(page, step.picture)
    }
  }

  it('leads from an empty folder to a proved connection, and to its suspension', async () => {
    const steps = readPage(PAGE, replaced)
    expect(steps.length).toBeGreaterThan(35)
    for (const [at, step] of steps.entries())
      await follow(step).catch((error: unknown) => {
        throw new Error(`step ${at + 1}, ${JSON.stringify(step)}: ${String(error)}`)
      })
    expect(complaints).toEqual([])
    await again()
  })

  /** While the connection is suspended, the same command is denied. */
  async function again(): Promise<void> {
    const last = readPage(PAGE, replaced).findLast((step) => step.do === 'run')
    const block = shell.start(last?.do === 'run' ? last.commands : '')
    started.push(block)
    await signInAt(block)
    expect(await block.ended, block.printed()).toBe(3)
    expect(block.printed()).toContain('access_denied')
  }
})
