// Ctrl-C ends a command as usual, and leaves no unfinished file.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterEach, beforeEach, expect, it, vi } from 'vitest'

const MAIN = fileURLToPath(new URL('../../../apps/cli/src/main.ts', import.meta.url))
const FLAGS = ['--conditions=crosswalk-source', '--disable-warning=ExperimentalWarning']

/** Of a process that loads the whole server from its sources, on a busy machine */
const START_MS = 100_000

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crosswalk-interrupted-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** @returns the signal that ended the command, to which SIGINT is sent as soon as `isBusy` */
async function interrupt(args: readonly string[], isBusy: () => boolean) {
  const child = spawn(process.execPath, [...FLAGS, MAIN, ...args], {
    cwd: folder,
    env: { ...process.env, TMPDIR: folder, XDG_CONFIG_HOME: folder, CROSSWALK_ADMIN_TOKEN: 'token' },
    stdio: 'ignore',
  })
  const ended = new Promise((resolve) => child.on('exit', (code, by) => resolve(by ?? code)))
  await vi.waitFor(() => expect(isBusy()).toBe(true), { timeout: START_MS, interval: 20 })
  child.kill('SIGINT')
  return await ended
}

it('restore-drill removes its copy', async () => {
  const backup = join(folder, 'backup')
  mkdirSync(backup)
  const manifest = { schema: 'crosswalk.backup/v1', createdAt: '2026-01-01T00:00:00.000Z', sha256: '' }
  writeFileSync(join(backup, 'backup.json'), JSON.stringify({ ...manifest, hasKey: false, logs: [] }))
  // Reading a pipe without a writer does not end.
  execFileSync('mkfifo', [join(backup, 'crosswalk.db')])
  writeFileSync(join(folder, 'crosswalk.yaml'), 'baseUrl: http://127.0.0.1:4000\nidp: {}\n')
  const copies = () => readdirSync(folder).filter((name) => name.startsWith('crosswalk-restore-'))
  const args = ['restore-drill', '-c', 'crosswalk.yaml', '--from', backup]
  expect(await interrupt(args, () => copies().length === 1)).toBe('SIGINT')
  expect(copies()).toEqual([])
})

it('audit pack removes an unfinished file', async () => {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/zip' })
    response.write('PK')
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const pack = join(folder, 'pack.zip')
    const args = ['audit', 'pack', '--server', url, '--to', pack]
    expect(await interrupt(args, () => existsSync(pack))).toBe('SIGINT')
    expect(existsSync(pack)).toBe(false)
  } finally {
    server.closeAllConnections()
    server.close()
  }
})
