// The recipes of ARCHITECTURE.md, followed to the letter in a copy of the sources, and what they added used there.
import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { linkModules } from '../../../tools/mutation/copy-repository.ts'
import { follow, readArchitecture, readRecipe } from './read-recipe.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const NOT_COPIED = new Set(['node_modules', '.git', 'dist', 'data', 'reports'])
const TIMEOUT_MS = 120_000

let copy = ''
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'crosswalk-recipes-'))
  for (const folder of ['packages', 'apps', 'demos', 'tests', 'tools', 'bench'])
    cpSync(join(ROOT, folder), join(copy, folder), {
      recursive: true,
      filter: (path) => !NOT_COPIED.has(basename(relative(ROOT, path))),
    })
  linkModules(ROOT, copy)
}, TIMEOUT_MS)
afterAll(() => rmSync(copy, { recursive: true, force: true }))

/** Runs a program of this folder in the copy. @returns what it printed, as JSON */
async function use(program: string): Promise<unknown> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=crosswalk-source', '--disable-warning=ExperimentalWarning', join('src/recipes', program)],
    { cwd: join(copy, 'tests') },
  )
  return JSON.parse(stdout)
}

describe('How to add', () => {
  it(
    'a collection: it is kept, shown, filtered, recorded, exported and described',
    async () => {
      const steps = readRecipe(readArchitecture(ROOT), 'A collection')
      expect(steps.map(({ kind }) => kind)).toEqual(['write', 'edit', 'write', 'edit'])
      for (const step of steps) follow(copy, step)
      expect(await use('use-collection.ts')).toEqual({
        created: [201, { id: 'blue', lead: 'usr_ada' }],
        listed: ['blue'],
        refused: 400,
        changed: [200, 'usr_bob'],
        events: ['team.changed', 'team.created'],
        exported: [{ id: 'blue', lead: 'usr_bob' }],
        described: true,
        afterRestart: ['blue'],
      })
    },
    TIMEOUT_MS,
  )
})
