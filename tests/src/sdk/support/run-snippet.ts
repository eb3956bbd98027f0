// Runs a code block of a page as it stands there, with what the page takes for granted put in front of it, and the global
// `fetch` leading into a world without sockets.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'

const FOLDER = new URL('../../../dist/snippets/', import.meta.url)

export interface SnippetRun {
  readonly name: string
  readonly code: string
  /** Names that the page takes for granted, with their values */
  readonly given?: Readonly<Record<string, unknown>>
  /** Names to look at afterwards; what the snippet exports itself is there anyway */
  readonly show?: readonly string[]
  /** Where it is written, for packages that only that folder has */
  readonly folder?: URL
  readonly fetch?: (input: string | URL | Request, init?: RequestInit) => Promise<Response>
}

const given = new Map<string, Readonly<Record<string, unknown>>>()

/** What a snippet finds: read by the code in front of it. */
export function takeGiven(name: string): Readonly<Record<string, unknown>> {
  return given.get(name) ?? {}
}

/** @returns what the snippet exports */
export async function runSnippet(run: SnippetRun): Promise<Readonly<Record<string, unknown>>> {
  const { name, code, given: values = {}, show = [], fetch = globalThis.fetch, folder = FOLDER } = run
  mkdirSync(folder, { recursive: true })
  const file = fileURLToPath(new URL(`${name}.ts`, folder))
  given.set(name, values)
  const names = Object.keys(values)
  const before =
    names.length === 0
      ? ''
      : `import { takeGiven } from '../../src/sdk/support/run-snippet.ts'\nconst { ${names.join(', ')} } = takeGiven('${name}')\n`
  const after = show.length === 0 ? '' : `\nexport { ${show.join(', ')} }\n`
  writeFileSync(file, `// @ts-nocheck\n${before}${code}${after}`)
  const outside = globalThis.fetch
  globalThis.fetch = fetch as typeof globalThis.fetch
  try {
    return (await import(/* @vite-ignore */ `${pathToFileURL(file).href}?${Date.now()}`)) as Record<
      string,
      unknown
    >
  } finally {
    globalThis.fetch = outside
    rmSync(file)
  }
}
