// Two servers behind a proxy that only watches `/readyz`, restarted in turn under constant load.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

import { afterEach, beforeEach, expect, it } from 'vitest'

import { findFreePort } from '../support/free-port.ts'
import { type ServerProcess, startServerProcess } from '../support/server-process.ts'
import { startWatchingProxy } from './watching-proxy.ts'

const ENVIRONMENT = { CROSSWALK_KEY: randomBytes(32).toString('hex') }
const LOOK_EVERY_MS = 200
const CALLERS = 8
/** Can be raised for a longer run */
const REQUESTS = Number(process.env['CROSSWALK_ROLLING_REQUESTS'] ?? 1500)

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crosswalk-rolling-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

interface Node {
  readonly port: number
  start(): Promise<ServerProcess>
}

async function createNode(name: string): Promise<Node> {
  const port = await findFreePort()
  const baseUrl = `http://127.0.0.1:${port}`
  const file = join(folder, `${name}.json`)
  const definition = {
    baseUrl,
    listen: { port, drainSeconds: 1 },
    database: `sqlite:${folder}/${name}.sqlite`,
    authorizationServers: [{ id: 'todo0', trustedIssuers: [] }],
  }
  writeFileSync(file, JSON.stringify(definition))
  return { port, start: () => startServerProcess(file, baseUrl, ENVIRONMENT) }
}

/** Sends requests until stopped and the count is reached. @returns the number of each result */
async function ask(port: number, goesOn: (asked: number) => boolean): Promise<ReadonlyMap<string, number>> {
  const agent = new Agent({ keepAlive: true })
  const outcomes = new Map<string, number>()
  let asked = 0
  const call = () =>
    new Promise<string>((resolve) => {
      const sent = request({ agent, host: '127.0.0.1', port, path: '/as/todo0/token', method: 'POST' })
      sent.on('response', (answer) => answer.resume().on('end', () => resolve(String(answer.statusCode))))
      sent.on('error', ({ message }) => resolve(message))
      sent.end()
    })
  async function callInTurn(): Promise<void> {
    while (goesOn(asked)) {
      asked += 1
      const outcome = await call()
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
      await setTimeout(2)
    }
  }
  await Promise.all(Array.from({ length: CALLERS }, callInTurn))
  agent.destroy()
  return outcomes
}

it('a rolling restart loses no request', async () => {
  const nodes = [await createNode('one'), await createNode('two')]
  const running = new Map(
    await Promise.all(nodes.map(async (node) => [node.port, await node.start()] as const)),
  )
  const proxy = await startWatchingProxy([...running.keys()], LOOK_EVERY_MS)
  let restarting = true
  const asking = ask(proxy.port, (asked) => restarting || asked < REQUESTS)
  for (const { port, start } of nodes) {
    expect(await running.get(port)?.stop()).toBe(0)
    running.set(port, await start())
    while (!proxy.isReady(port)) await setTimeout(LOOK_EVERY_MS)
  }
  restarting = false
  const outcomes = await asking
  await proxy.stop()
  for (const server of running.values()) await server.kill()
  // Authentication fails; all that matters is that the server itself responded.
  expect([...outcomes.keys()]).toEqual(['400'])
  expect(outcomes.get('400')).toBeGreaterThanOrEqual(REQUESTS)
})
