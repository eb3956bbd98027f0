// Follows the recipe "A collection" of ARCHITECTURE.md in a copy of the sources, and uses the result over HTTP.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { afterAll, beforeAll, expect, it } from 'vitest'

import { copySources, follow, NODE_FLAGS, readRecipe } from './follow-recipe.ts'

const TIMEOUT_MS = 120_000

let copy: ReturnType<typeof copySources>
beforeAll(() => {
  copy = copySources(['packages', 'apps', 'demos', 'tests', 'tools', 'bench'])
}, TIMEOUT_MS)
afterAll(() => copy.remove())

/** Runs a program of this folder in the copy. @returns its output, parsed as JSON */
async function use(program: string): Promise<unknown> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...NODE_FLAGS, join('src/recipes', program)],
    { cwd: join(copy.root, 'tests') },
  )
  return JSON.parse(stdout)
}

it(
  'a collection is stored, shown, filtered, recorded, exported and documented',
  async () => {
    const steps = readRecipe('A collection')
    expect(steps.map(({ kind }) => kind)).toEqual(['write', 'edit', 'write', 'edit'])
    for (const step of steps) follow(copy.root, step)
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
