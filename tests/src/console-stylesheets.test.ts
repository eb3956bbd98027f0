// Pages load the stylesheet of their own folder. A class of another folder would have a style only after that folder's page was open.
import { globSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

import { expect, it } from 'vitest'

const SOURCES = fileURLToPath(new URL('../../apps/console/src', import.meta.url))

const read = (pattern: string) =>
  globSync(pattern, { cwd: SOURCES }).map((path) => ({
    folder: dirname(path),
    path,
    text: readFileSync(`${SOURCES}/${path}`, 'utf8'),
  }))

it('a class is defined in the folder of the pages that use it, or in the theme', () => {
  const home = new Map<string, Set<string>>()
  for (const { folder, text } of read('**/*.css'))
    for (const [, name = ''] of text.matchAll(/\.(cw-[\w-]+)/g))
      home.set(name, new Set(home.get(name)).add(folder.startsWith('pages/') ? folder : ''))
  const strangers = read('**/*.tsx').flatMap(({ path, text }) =>
    [...text.matchAll(/\bcw-[\w-]+/g)]
      .filter(([name]) => ![...(home.get(name) ?? [''])].some((folder) => path.startsWith(folder)))
      .map(([name]) => `${path}: ${name}`),
  )
  expect(home.size).toBeGreaterThan(100)
  expect(strangers).toEqual([])
})
