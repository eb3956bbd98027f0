// Every page of the console with a sample URL, read from the table of pages so that none is missed.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { MadeHistory } from './history.ts'
import type { MadeOversight } from './oversight.ts'

type Made = MadeHistory & MadeOversight

const TABLE = join(import.meta.dirname, '../../../../apps/console/src/navigation/pages.ts')

/** Sample path parameters in the test company. */
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

/** @throws if a page has a parameter without a sample above */
export function listAddresses(made: Made): readonly string[] {
  return listPaths().map((path) => {
    if (!path.includes('$')) return path
    const sample = SAMPLES[path]
    if (sample === undefined) throw new Error(`pages.ts has no sample for ${path}`)
    return sample(made)
  })
}

function listPaths(): readonly string[] {
  const table = readFileSync(TABLE, 'utf8')
  return [...table.matchAll(/^ {4}path: '([^']+)',$/gm)].map(([, path]) => path ?? '')
}
