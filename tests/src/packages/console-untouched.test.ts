// Importing a package changes nothing in the program that imports it, and prints nothing.
import { spawnSync } from 'node:child_process'

import { expect, it } from 'vitest'

import { listPublicPackages } from '../../../tools/build/public-packages.ts'
import { ROOT } from './packed.ts'

const PROGRAM = `
const before = { ...console }
for (const entry of process.argv.slice(1)) {
  await import(entry)
  const changed = Object.keys(before).filter((name) => console[name] !== before[name])
  if (changed.length > 0) process.stdout.write(entry + ' changed ' + changed.join(' ') + '\\n')
  Object.assign(console, before)
}
process.exit()
`

it('every package leaves the console alone', () => {
  const entries = listPublicPackages(ROOT)
    .filter(({ manifest: { exports = {} } }) => exports['.'] !== undefined)
    .map(({ name }) => name)
  expect(entries).toEqual(expect.arrayContaining(['@crosswalk/cli', '@crosswalk/idp', '@crosswalk/server']))
  const flags = ['--conditions=crosswalk-source', '--disable-warning=ExperimentalWarning']
  const args = [...flags, '--input-type=module', '--eval', PROGRAM, ...entries]
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: `${ROOT}/tests`, encoding: 'utf8' })
  expect([stdout, stderr]).toEqual(['', ''])
})
