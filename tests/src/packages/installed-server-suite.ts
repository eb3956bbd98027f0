// From packed tarballs to a token: the commands that the documentation gives operators, in an empty folder.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { PackedPackage } from '../../../tools/build/pack-packages.ts'
import { describeWithBrowser, openTestBrowser } from '../../../tools/test-browser.ts'
import { REDIRECT_URI } from '../support/company.ts'
import { signInFor } from '../support/flow.ts'
import { findFreePort } from '../support/free-port.ts'
import {
  addNode,
  crosswalk,
  type InstalledServer,
  installServer,
  measureBytes,
  serve,
} from './installed-server.ts'
import { findOldest, type Runtime, satisfies } from './packed.ts'

const MIB = 2 ** 20
const MAX_BYTES = 120 * MIB
const ENOUGH = '>=22.19'
/** Packages that only builds, tests and development need */
const NOT_FOR_SERVERS = /^(vite|react|react-dom|typescript|vitest|node(-(bin-)?(linux|darwin|win)-.*)?)$/

/** @param listPacked - called when tests run, after packing */
export function describeInstalledServer(
  runtimes: readonly Runtime[],
  listPacked: () => readonly PackedPackage[],
): void {
  describe('@crosswalk/server in an empty folder', () => {
    let server: InstalledServer | undefined
    beforeAll(async () => {
      server = await installServer(listPacked())
    })
    afterAll(() => server?.remove())
    const installed = () => {
      if (server === undefined) throw new Error('nothing was installed')
      return server
    }

    it('takes less than 120 MiB, without Node.js and build tools', () => {
      const modules = join(installed().folder, 'node_modules')
      const bytes = measureBytes(modules)
      console.log(`installed @crosswalk/server: ${(bytes / MIB).toFixed(1)} MiB`)
      expect(bytes).toBeLessThan(MAX_BYTES)
      expect(readdirSync(modules)).toContain('oidc-provider')
      expect(readdirSync(modules).filter((name) => NOT_FOR_SERVERS.test(name))).toEqual([])
    })

    const enough = runtimes.filter((it) => satisfies(it, ENOUGH))
    const oldest = findOldest(runtimes, ENOUGH)
    // Each takes a quarter of a minute: the current version and the oldest.
    it.for(enough.filter((it, at) => at === 0 || it === oldest))(
      'init and serve lead to an access token on Node.js $version',
      async (runtime) => {
        await goFromInitToCrossing(installed(), runtime)
      },
    )

    describeWithBrowser('in a browser', () => {
      it('init and serve lead to the console, signed in as the first user', async () => {
        const runtime = findOldest(runtimes, ENOUGH)
        const { folder, baseUrl, password, said } = await init(installed(), runtime)
        expect(said).toContain(`open ${baseUrl}/admin and sign in as admin`)
        const checked = await crosswalk(runtime, folder, ['config', 'check'])
        expect(checked).toMatchObject({
          exitCode: 0,
          out: expect.stringMatching(/^OK: /) as string,
          err: '',
        })
        await serve(runtime, folder, async (url) => {
          await signInToConsole(url, password)
        })
      })
    })

    const tooOld = runtimes.find((it) => !satisfies(it, ENOUGH))
    it('an older Node.js prints which version is needed, and how to get it', async ({ skip }) => {
      if (tooOld === undefined) return skip('this machine has no Node.js older than 22.19')
      const folder = installed().makeFolder('older')
      expect(await crosswalk(tooOld, folder, ['init', '--yes'])).toEqual({
        exitCode: 1,
        out: '',
        err: `error: this command needs Node.js 22.19 or newer, but this is ${tooOld.version.slice(1)}
fix: install a newer Node.js; to try Crosswalk without upgrading, run \`npm install node@26\` in this folder
`,
      })
      // From here on npx finds this version.
      addNode(installed(), findOldest(runtimes, ENOUGH))
      await goFromInitToCrossing(installed(), tooOld)
    })

    it('the CLI alone names the package that a server needs', async () => {
      const modules = join(installed().folder, 'node_modules/@crosswalk')
      rmSync(join(modules, 'server'), { recursive: true })
      const { path } = findOldest(runtimes, ENOUGH)
      const command = join(modules, 'cli/dist/bin.js')
      const runAlone = (...args: string[]) => spawnSync(path, [command, ...args], { encoding: 'utf8' })
      expect(runAlone('--version')).toMatchObject({ status: 0, stderr: '' })
      expect(runAlone('serve')).toMatchObject({
        status: 6,
        stderr: expect.stringContaining('fix: run `npm install @crosswalk/server`') as string,
      })
    })
  })
}

/** `npx crosswalk init` in an empty folder, with a free port. */
async function init(installed: InstalledServer, runtime: Runtime) {
  const port = await findFreePort()
  const baseUrl = `http://127.0.0.1:${port}`
  const folder = installed.makeFolder(`server-${port}`)
  const options = ['--yes', '--base-url', baseUrl, '--redirect-uri', REDIRECT_URI]
  const { exitCode, err: said } = await crosswalk(runtime, folder, ['init', ...options])
  expect(exitCode, said).toBe(0)
  const secrets = parseEnv(readFileSync(join(folder, 'crosswalk.env'), 'utf8'))
  return { folder, baseUrl, said, secrets, password: secrets['FIRST_USER_PASSWORD'] ?? '' }
}

async function goFromInitToCrossing(installed: InstalledServer, runtime: Runtime): Promise<void> {
  const { folder, baseUrl, secrets, password } = await init(installed, runtime)
  const said = await serve(runtime, folder, async () => {
    const app = { id: 'app', secret: secrets['APP_SECRET'] ?? '' }
    const { idToken } = await signInFor(baseUrl, 'admin', app, {}, password)
    const parties = ['--idp', baseUrl, '--as', `${baseUrl}/as/resource`]
    const clients = ['--client-id', app.id, '--as-client-id', 'app-at-resource']
    const args = ['flow', 'run', ...parties, ...clients, '--no-call', '--output', 'json']
    const crossing = await crosswalk(runtime, folder, args, {
      CROSSWALK_ID_TOKEN: idToken,
      CROSSWALK_IDP_SECRET: app.secret,
      CROSSWALK_AS_SECRET: secrets['APP_AT_RESOURCE_SECRET'],
    })
    expect(crossing.exitCode, crossing.err).toBe(0)
  })
  expect(said).toMatch(/^stopped$/m)
}

async function signInToConsole(url: string, password: string): Promise<void> {
  await using browser = await openTestBrowser()
  const page = await browser.newPage()
  page.setDefaultTimeout(20_000)
  await page.goto(url)
  await page.getByRole('link', { name: 'Sign in' }).click()
  await page.getByLabel('User name').fill('admin')
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.locator('#page').waitFor()
  expect(new URL(page.url()).pathname).toBe('/admin/')
  await page.getByRole('link', { name: 'Connections' }).first().click()
  await page
    .getByRole('link', { name: /First agent/ })
    .first()
    .waitFor()
}
