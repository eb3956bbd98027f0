// Collects all tests that name a requirement. Tests of this tool are excluded: their titles are examples.
import { globSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'

import { type NamingTest, readTestFile } from './read-test-file.ts'

const TEST_FILES = ['packages', 'apps', 'demos', 'tests', 'tools'].map(
  (folder) => `${folder}/**/*.test.ts{,x}`,
)
const OWN = 'tools/requirements/'

export function collectTests(root: string, areas: readonly string[]): NamingTest[] {
  return globSync(TEST_FILES, { cwd: root, exclude: (path) => /(^|[/\\])(node_modules|dist)$/.test(path) })
    .map((path) => path.replaceAll(sep, '/'))
    .filter((path) => !path.startsWith(OWN))
    .sort()
    .flatMap((path) => readTestFile(path, readFileSync(join(root, path), 'utf8'), areas))
}
