// The reader test: prints random texts of console, command line and documentation, to be read aloud. Usage: node
// tools/runtime.mjs tools/prose/draw.ts [SEED] [COUNT]
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { listProseFiles } from './checked.ts'
import { drawFrom } from './draw-texts.ts'
import { proseOf } from './prose.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const SOURCES = [
  'apps/console/src/texts',
  'apps/cli/src',
  'README.md',
  'docs/how-to',
  'docs/tutorials',
  'docs/explanation',
]

const [seed = '1', number = '60'] = process.argv.slice(2)
const texts = listProseFiles(ROOT, SOURCES)
  .filter((path) => !path.includes('.test.'))
  .flatMap((path) =>
    proseOf(path, readFileSync(join(ROOT, path), 'utf8')).map(
      ({ text, line }) => `${path}:${line}\n    ${text}`,
    ),
  )
  // Texts of fewer than three words mean little without context.
  .filter((text) => /\n.*\w+\s\w+\s\w+/.test(text))
for (const text of drawFrom(texts, Number(seed), Number(number))) console.log(text)
