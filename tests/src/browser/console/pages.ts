// Every page of the console with a sample URL, read from the table of pages so that none is missed.
import { fileURLToPath } from 'node:url'

import { readConsolePages } from '../../../../tools/generate/console-pages.ts'
import type { MadeHistory } from './history.ts'
import type { MadeOversight } from './oversight.ts'

export type Made = MadeHistory & MadeOversight

/** Sample path parameters in the test company. */
const SAMPLES: Readonly<Record<string, (made: Made) => string>> = {
  '/connections/$id': () => '/connections/agent0-todo0',
  '/connections/$id/prove': () => '/connections/agent0-todo0/prove',
  '/users/$id': () => '/users/usr_bob',
  '/apps/$id': () => '/apps/agent0',
  '/resource-apps/$id': () => '/resource-apps/todo0',
  '/groups/$id': () => '/groups/engineering',
  '/settings/approval-rules/$id': ({ rule }) => `/settings/approval-rules/${rule}`,
  '/review-schedules/$id': ({ schedule }) => `/review-schedules/${schedule}`,
  '/policies/$id': ({ policy }) => `/policies/${policy}`,
  '/reviews/$id': ({ review }) => `/reviews/${review}`,
  '/decisions/$id': ({ denied }) => `/decisions/${denied}`,
}

/** As in the table, with parameters */
export const PATHS = readConsolePages(fileURLToPath(new URL('../../../..', import.meta.url)))

export function listAddresses(made: Made): readonly string[] {
  return PATHS.map((path) => fillPath(path, made))
}

/** @throws if the path has a parameter without a sample above */
export function fillPath(path: string, made: Made): string {
  if (!path.includes('$')) return path
  const sample = SAMPLES[path]
  if (sample === undefined) throw new Error(`pages.ts has no sample for ${path}`)
  return sample(made)
}
