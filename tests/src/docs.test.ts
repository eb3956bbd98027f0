// The configuration files in the how-to pages are ones that the server would take.
import { readdirSync, readFileSync } from 'node:fs'

import { parseConfiguration } from '@crosswalk/control'
import { expect, it } from 'vitest'

const FOLDER = new URL('../../docs/how-to/', import.meta.url)
const FRAME =
  'baseUrl: http://127.0.0.1:4000\nlisten: { host: 127.0.0.1, port: 4000 }\ndatabase: sqlite:./data/crosswalk.db\n'

const snippets = readdirSync(FOLDER).flatMap((page) =>
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
