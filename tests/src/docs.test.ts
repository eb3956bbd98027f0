// The server accepts the configuration files of every page, and a shell the commands of each. That `crosswalk` takes its
// command lines is shown by `cli/printed-commands.test.ts`; README and tutorials are run as a whole.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

import { parseConfiguration } from '@crosswalk/control'
import { expect, it } from 'vitest'

import { readSnippets } from './packages/snippets.ts'

const FOLDER = new URL('../../docs/', import.meta.url)
const FRAME =
  'baseUrl: http://127.0.0.1:4000\nlisten: { host: 127.0.0.1, port: 4000 }\ndatabase: sqlite:./data/crosswalk.db\n'

const snippets = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((page) => page.endsWith('.md'))
  .flatMap((page) =>
    [
      ...readFileSync(new URL(page, FOLDER), 'utf8').matchAll(/^```yaml crosswalk\.yaml\n([\s\S]*?)^```$/gm),
    ].map(([, text = '']) => ({ page, text })),
  )

it('there are configuration files to check', () => {
  expect(snippets.length).toBeGreaterThanOrEqual(4)
})

it.each(snippets)('the configuration in $page is accepted', ({ page, text }) => {
  const { configuration, problems } = parseConfiguration(FRAME + text, page, {})
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
  expect(configuration).toBeDefined()
})

const SHELL = ['sh', 'bash', 'console']
const scripts = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((page) => page.endsWith('.md'))
  .map((page) => {
    const blocks = readSnippets(new URL(page, FOLDER)).filter(({ language }) => SHELL.includes(language))
    return { page, script: blocks.map(({ code }) => code.replaceAll(/^\$ /gm, '')).join('\n') }
  })
  .filter(({ script }) => script !== '')

const faultOf = (script: string) => spawnSync('sh', ['-n'], { input: script, encoding: 'utf8' }).stderr

it('a shell parses the commands of every page', () => {
  expect(faultOf('echo "open')).not.toBe('')
  expect(scripts.length).toBeGreaterThan(20)
  expect(
    scripts.flatMap(({ page, script }) => (faultOf(script) === '' ? [] : [`${page}: ${faultOf(script)}`])),
  ).toEqual([])
})
