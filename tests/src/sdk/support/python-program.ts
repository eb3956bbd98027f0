// Runs programs of a documentation page by a Python that has the MCP SDK.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

import { readSnippets } from '../../packages/snippets.ts'

const START_MS = 60_000
const PYTHON = process.env['CROSSWALK_TEST_PYTHON'] ?? 'python3'
const SDK = 'mcp.client.auth.extensions.identity_assertion'

/** Whether `CROSSWALK_TEST_PYTHON`, or else `python3`, has an MCP SDK with Cross App Access */
export const HAS_PYTHON_SDK = spawnSync(PYTHON, ['-c', `import ${SDK}`]).status === 0

export type Variables = Readonly<Record<string, string>>

export interface PythonPrograms extends AsyncDisposable {
  /** @returns what the program printed, whether or not it failed */
  run(name: string, variables: Variables): Promise<{ readonly failed: boolean; readonly printed: string }>
  /** Starts a server, which is ready when it responds at `url`. */
  serve(name: string, variables: Variables, url: string): Promise<void>
}

/** @param page - whose blocks of Python name their files */
export function writePythonPrograms(page: URL): PythonPrograms {
  const folder = mkdtempSync(join(tmpdir(), 'crosswalk-python-'))
  const servers: ChildProcess[] = []
  for (const { language, info, code } of readSnippets(page))
    if (language === 'python') writeFileSync(join(folder, info), code)

  const start = (name: string, variables: Variables) => {
    const child = spawn(PYTHON, [join(folder, name)], { env: { ...process.env, ...variables } })
    let printed = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (printed += text))
    return { child, read: () => printed }
  }
  return {
    async run(name, variables) {
      const { child, read } = start(name, variables)
      const [code] = await once(child, 'close')
      return { failed: code !== 0, printed: read() }
    },
    async serve(name, variables, url) {
      const { child, read } = start(name, variables)
      servers.push(child)
      for (const deadline = Date.now() + START_MS; ; await wait(100)) {
        if (await fetch(url).catch(() => undefined)) return
        if (child.exitCode !== null || Date.now() > deadline)
          throw new Error(`${name} did not start:\n${read()}`)
      }
    },
    async [Symbol.asyncDispose]() {
      for (const server of servers) {
        server.kill()
        if (server.exitCode === null && server.signalCode === null) await once(server, 'exit')
      }
      rmSync(folder, { recursive: true })
    },
  }
}
