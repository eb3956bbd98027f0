// nginx in front of a test server, with the configuration of the how-to page and the test's addresses.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

import { describe } from 'vitest'

import { findProgram } from '../../../tools/test/find-program.ts'
import { freePort } from '../support/server-process.ts'

const PAGE = new URL('../../../docs/how-to/run-behind-a-reverse-proxy.md', import.meta.url)
const program = findProgram('nginx')

/** `describe`, skipped without nginx. */
export const describeWithNginx = describe.skipIf(program === undefined || process.platform !== 'linux')

export interface Nginx {
  readonly port: number
  stop(): Promise<void>
}

/** @param from - loopback address that it connects from */
export async function startNginx(serverPort: number, from: string): Promise<Nginx> {
  if (program === undefined) throw new Error('nginx is not installed')
  const folder = mkdtempSync(join(tmpdir(), 'crosswalk-nginx-'))
  const port = await freePort()
  const file = join(folder, 'nginx.conf')
  writeFileSync(file, renderConfiguration(folder, readPage({ port, serverPort, from })))
  const child = spawn(program, ['-c', file, '-p', folder, '-e', join(folder, 'error.log')], {
    stdio: 'ignore',
  })
  await untilAnswers(child, port)
  return {
    port,
    async stop() {
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      await exited
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function readPage({ port, serverPort, from }: { port: number; serverPort: number; from: string }): string {
  const [, block = ''] = /^```nginx\n([\s\S]*?)^```$/m.exec(readFileSync(PAGE, 'utf8')) ?? []
  return block
    .replace('server 127.0.0.1:4000;', `server 127.0.0.1:${serverPort};`)
    .replace('listen 443 ssl;', `listen 127.0.0.1:${port};`)
    .replaceAll(/^ *ssl_.*\n/gm, '')
    .replace('proxy_pass', `proxy_bind ${from};\n    proxy_pass`)
}

function renderConfiguration(folder: string, servers: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `daemon off;
master_process off;
pid ${folder}/nginx.pid;
events {}
http {
  access_log off;
${temporary.map((name) => `  ${name}_temp_path ${folder}/${name};`).join('\n')}
${servers}}
`
}

async function untilAnswers(child: ChildProcess, port: number): Promise<void> {
  while (child.exitCode === null) {
    const answers = await fetch(`http://127.0.0.1:${port}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (answers) return
    await setTimeout(25)
  }
  throw new Error(`nginx ended with ${child.exitCode}`)
}
