// Which files the prose check reads. GLOSSARY.md is absent, because it names the words that we do not use, as the files of
// this check do.
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
  'apps/cli/src',
  'apps/server/src',
  'packages/*/src/*',
]

/** Their texts are checked where they are read, in a browser. */
const PAGES = /^packages\/idp\/src\/(?:.*\/)?pages\//

/** @returns the files below the given paths that have prose, from the root */
export function listProseFiles(root: string, paths: readonly string[]): readonly string[] {
  const arguments_ = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', ...paths]
  return execFileSync('git', arguments_, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 })
    .split('\0')
    .filter((path) => /\.(md|tsx?)$/.test(path) && !PAGES.test(path) && existsSync(join(root, path)))
}
