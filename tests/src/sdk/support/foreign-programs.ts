// Runs programs in other languages: those of a documentation page, and servers among them until the end of a test.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

import { readSnippets } from '../../packages/snippets.ts'

const START_MS = 60_000

export type Variables = Readonly<Record<string, string>>

export interface ForeignPrograms extends AsyncDisposable {
  /** @returns what the program printed, whether or not it failed */
  run(name: string, variables: Variables): Promise<{ readonly failed: boolean; readonly printed: string }>
  /** Starts a server, which is ready when it responds at `url`. */
  serve(name: string, variables: Variables, url: string): Promise<void>
}

/** @returns a temporary folder with the page's named blocks in this language */
export function writePrograms(page: URL, language: string): string {
  const folder = mkdtempSync(join(tmpdir(), `crosswalk-${language}-`))
  for (const snippet of readSnippets(page))
    if (snippet.language === language && snippet.info !== '')
      writeFileSync(join(folder, snippet.info), snippet.code)
  return folder
}

/**
 * @param folder - of the programs; removed at the end
 * @param build - the command that runs one of them
 */
export function createForeignPrograms(
  folder: string,
  build: (name: string) => readonly [command: string, ...parameters: readonly string[]],
): ForeignPrograms {
  const servers: ChildProcess[] = []

  const start = (name: string, variables: Variables) => {
    const [command, ...parameters] = build(name)
    const child = spawn(command, parameters, { cwd: folder, env: { ...process.env, ...variables } })
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
