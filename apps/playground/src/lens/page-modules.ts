// Serves modules of this program to the browser: types stripped, and imports rewritten to URLs below the page. The
// page thus explains tokens with the same code as everything else.
import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { basename, dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Import statements at the start of a line. */
const IMPORT = /^((?:import|export)\s*[\w\s{},*$]*?\bfrom\s*|import\s*)(['"])([^'"]+)\2/gm

/** The package index would load the whole package; the page needs only its constants. */
const PROTOCOL = '@crosswalk/protocol'

export interface PageModules {
  /** URL of the requested module */
  readonly entry: string
  /** @returns the text at a URL; undefined for any other URL */
  find(path: string): string | undefined
}

/** @param folder - the URL folder, with slashes at both ends */
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
