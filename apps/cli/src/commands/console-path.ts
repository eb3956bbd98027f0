// The path of a console page as users write it: `connections/agent0-todo0`, or the id of a decision.
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { CONSOLE_PAGES, CONSOLE_REDIRECTS } from './console-pages.ts'

/** @throws CliError if the console has no such page */
export function buildConsolePath(page: string | undefined): string {
  if (page === undefined) return ''
  const path = page.startsWith('dec_') ? `/decisions/${page}` : `/${page.replace(/^\/+/, '')}`
  // The id of an app may be a URL.
  const app = /^\/apps\/(https?:\/\/.+)$/.exec(path)?.[1]
  if (app !== undefined) return `/apps/${encodeURIComponent(app)}`
  const [asked = ''] = path.split(/[?#]/)
  if (![...CONSOLE_PAGES, ...CONSOLE_REDIRECTS].some((known) => isAt(known, asked)))
    throw new CliError(
      EXIT.usage,
      `the console has no page ${asked.slice(1)}`,
      `open one of these: ${listPages().join(', ')}`,
    )
  return encodeURI(path)
}

function isAt(known: string, asked: string): boolean {
  const [segments, given] = [known.split('/'), asked.replace(/(?<=.)\/$/, '').split('/')]
  return (
    segments.length === given.length &&
    segments.every((segment, at) => (segment.startsWith('$') ? given[at] !== '' : segment === given[at]))
  )
}

/** @returns the pages as users write them; the first page needs no name */
function listPages(): readonly string[] {
  return CONSOLE_PAGES.filter((path) => path !== '/').map((path) => path.slice(1).replace('$id', 'ID'))
}
