// Both exchanges and the API call on other JavaScript runtimes: Node.js, Bun, Deno and workerd executables listed in
// CROSSWALK_TEST_RUNTIMES. The servers run here.
import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, delimiter, join } from 'node:path'
import { promisify } from 'node:util'

import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { AGENT, AGENT_AT_VENDOR, company, TODO } from '../support/company.ts'
import { signInFor } from '../support/flow.ts'
import { findFreePort } from '../support/free-port.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { listRuntimes } from './packed.ts'
import type { FlowOutcome, CrossingInput } from './runtimes/crossing.ts'

const run = promisify(execFile)
const nodes = await listRuntimes()
const { CROSSWALK_TEST_RUNTIMES } = process.env
const listed = (CROSSWALK_TEST_RUNTIMES ?? '').split(delimiter)
const pathOf = (name: string) => listed.find((path) => basename(path) === name)

// If a list omits a runtime, it was unavailable; without a list, nothing was tested.
const itWith = (program: string | undefined) =>
  program !== undefined ? it : CROSSWALK_TEST_RUNTIMES === undefined ? it.skip : () => undefined

const PRINTED = 'console.log(JSON.stringify(await cross(INPUT)))'
const SERVED = 'export default { fetch: async () => Response.json(await cross(INPUT)) }'

let server: TestServer | undefined
let folder = ''
let input: CrossingInput
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'crosswalk-runtimes-'))
  server = await startTestServer({ file: company })
  const { baseUrl: idp } = server
  const { idToken } = await signInFor(idp, 'alice')
  const vendor = { issuer: `${idp}/as/vendor`, resource: TODO }
  input = { idp, ...vendor, idToken, agent: AGENT, agentAtVendor: AGENT_AT_VENDOR }
})
afterAll(async () => {
  await server?.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** @returns the bundled file */
async function bundle(name: string, ending: string): Promise<string> {
  const outfile = join(folder, `${name}.mjs`)
  await build({
    stdin: {
      contents: `import { cross } from './crossing.ts'\n${ending.replace('INPUT', JSON.stringify(input))}`,
      resolveDir: join(import.meta.dirname, 'runtimes'),
    },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'neutral',
    conditions: ['crosswalk-source', 'module', 'import'],
    outfile,
  })
  return outfile
}

async function runProgram(name: string, path: string, ...args: readonly string[]): Promise<FlowOutcome> {
  const { stdout } = await run(path, [...args, await bundle(name, PRINTED)], {
    env: { HOME: folder, PATH: process.env['PATH'] },
  })
  return JSON.parse(stdout) as FlowOutcome
}

const CROSSED = { status: 200, user: expect.stringMatching(/./) as string, withoutToken: 401 }

describe('the crossing', () => {
  it.for(nodes)('runs on Node.js $version', async ({ version, path }) => {
    expect(await runProgram(version, path)).toEqual(CROSSED)
  })

  const bun = pathOf('bun')
  itWith(bun)('runs on Bun (needs bun in CROSSWALK_TEST_RUNTIMES)', async () => {
    expect(await runProgram('bun', bun ?? '', 'run')).toEqual(CROSSED)
  })

  const deno = pathOf('deno')
  itWith(deno)('runs on Deno (needs deno in CROSSWALK_TEST_RUNTIMES)', async () => {
    expect(await runProgram('deno', deno ?? '', 'run', '--no-prompt', '--allow-net')).toEqual(CROSSED)
  })

  const workerd = pathOf('workerd')
  itWith(workerd)('runs on workerd (needs workerd in CROSSWALK_TEST_RUNTIMES)', async () => {
    const port = await findFreePort()
    const worker = basename(await bundle('worker', SERVED))
    const config = join(folder, 'config.capnp')
    writeFileSync(config, renderWorkerdConfig(worker, port))
    const child = spawn(workerd ?? '', ['serve', config], { stdio: 'inherit' })
    try {
      expect(await (await fetchOnceUp(`http://127.0.0.1:${port}`)).json()).toEqual(CROSSED)
    } finally {
      child.kill()
    }
  })
})

function renderWorkerdConfig(worker: string, port: number): string {
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    ( name = "main", worker = ( modules = [( name = "worker", esModule = embed "${worker}" )], compatibilityDate = "2026-01-01" ) ),
    ( name = "internet", network = ( allow = ["public", "private"] ) ),
  ],
  sockets = [( name = "http", address = "127.0.0.1:${port}", http = (), service = "main" )],
);
`
}

async function fetchOnceUp(url: string): Promise<Response> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await fetch(url)
    } catch (error) {
      if (tries === 200) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}
