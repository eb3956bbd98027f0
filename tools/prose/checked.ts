// The files of the prose check. GLOSSARY.md and this check are excluded, because they name the words that we do not
// use.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

export const CHECKED = [
  'README.md',
  'docs/README.md',
  'docs/adr',
  'docs/how-to',
  'docs/tutorials',
  'docs/explanation',
  'packages/*/README.md',
  'demos/*.md',
  'examples/*.md',
  'apps/*/README.md',
  'ARCHITECTURE.md',
  'SECURITY.md',
  'CONTRIBUTING.md',
  'STYLE.md',
  'apps/*/src',
  'packages/*/src/*',
  'demos',
  'examples',
  'bench',
  'tests',
  'tools',
]

/** Texts of pages are checked in a browser; this check contains the excluded words. */
const UNCHECKED = /^(?:packages\/idp\/src\/(?:.*\/)?pages|tools\/prose)\//

/** @returns the files with prose in the given paths, from the root */
export function listProseFiles(root: string, paths: readonly string[]): readonly string[] {
  const arguments_ = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', ...paths]
  return execFileSync('git', arguments_, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 })
    .split('\0')
    .filter((path) => /\.(md|tsx?)$/.test(path) && !UNCHECKED.test(path) && existsSync(join(root, path)))
}
