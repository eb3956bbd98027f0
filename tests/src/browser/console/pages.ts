// Every page of the console with an address that shows it: read from the tables of pages, so that none is forgotten.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { MadeHistory } from './history.ts'
import type { MadeOversight } from './oversight.ts'

type Made = MadeHistory & MadeOversight

const FOLDER = join(import.meta.dirname, '../../../../apps/console/src/pages')

/** What stands for the parameters of a path in the company of the tests. */
const SAMPLES: Readonly<Record<string, (made: Made) => string>> = {
  '/connections/$id': () => '/connections/agent0-todo0',
  '/connections/$id/prove': () => '/connections/agent0-todo0/prove',
  '/users/$id': () => '/users/usr_bob',
  '/apps/$id': () => '/apps/agent0',
  '/resource-apps/$id': () => '/resource-apps/todo0',
  '/groups/$id': () => '/groups/engineering',
  '/policies/$id': ({ policy }) => `/policies/${policy}`,
  '/reviews/$id': ({ review }) => `/reviews/${review}`,
  '/decisions/$id': ({ denied }) => `/decisions/${denied}`,
}

/** @throws for a page with a parameter that has no sample above */
export function listAddresses(made: Made): readonly string[] {
  return listPaths().map((path) => {
    if (!path.includes('$')) return path
    const sample = SAMPLES[path]
    if (sample === undefined) throw new Error(`pages.ts has no sample for ${path}`)
    return sample(made)
  })
}

function listPaths(): readonly string[] {
  // Pages of an area without a table stand in the one of another area.
  const tables = readdirSync(FOLDER)
    .map((area) => join(FOLDER, area, 'pages.ts'))
    .filter((file) => existsSync(file))
  return tables.flatMap((file) => {
    const table = readFileSync(file, 'utf8')
    return [...table.matchAll(/^ {4}path: '([^']+)',$/gm)].map(([, path]) => path ?? '')
  })
}
