// Modules of this program as a browser loads them: types stripped, and every import an address below this page. So what is said of
// a token in the page is said by the code that says it everywhere else.
import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { basename, dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Statements that load another module, as they stand at the beginning of a line. */
const IMPORT = /^((?:import|export)\s*[\w\s{},*$]*?\bfrom\s*|import\s*)(['"])([^'"]+)\2/gm

/** The index of the package leads to all of it; the constants are all that is needed. */
const PROTOCOL = '@crosswalk/protocol'

export interface PageModules {
  /** Of the module that was asked for */
  readonly entry: string
  /** @returns the text at an address; undefined for any other */
  find(path: string): string | undefined
}

/** @param folder - where they are served, with slashes around */
export function collectPageModules(file: string, folder: string): PageModules {
  const paths = new Map<string, string>()
  const texts = new Map<string, string>()
  const add = (path: string): string => {
    const known = paths.get(path)
    if (known !== undefined) return known
    const address = `${folder}${paths.size}-${basename(path, extname(path))}.js`
    paths.set(path, address)
    const text = readFileSync(path, 'utf8')
    const script = extname(path) === '.ts' ? stripTypeScriptTypes(text) : text
    texts.set(
      address,
      script.replaceAll(IMPORT, (_, before: string, quote: string, specifier: string) => {
        return `${before}${quote}${add(resolve(specifier, path))}${quote}`
      }),
    )
    return address
  }
  return { entry: add(file), find: (path) => texts.get(path) }
}

function resolve(specifier: string, from: string): string {
  if (specifier.startsWith('.')) return join(dirname(from), specifier)
  const path = fileURLToPath(import.meta.resolve(specifier))
  return specifier === PROTOCOL ? join(dirname(path), `constants${extname(path)}`) : path
}
