// The navigation: pages of the table that the role may see, by group.
import { Link, useLocation } from '@tanstack/react-router'

import { text } from '../texts/text.ts'
import { NAV_GROUPS } from './page-entry.ts'
import { PAGES } from './pages.ts'
import { useShown } from './use-shown.ts'

export function Navigation({ onGo }: { readonly onGo?: () => void }) {
  const shown = useShown()
  const visible = PAGES.filter((entry) => entry.nav !== undefined && shown(entry))
  const here = findHere(visible, useLocation({ select: ({ pathname }) => pathname }))
  return (
    <>
      {NAV_GROUPS.map((group) => {
        const pages = visible.filter(({ nav }) => nav?.group === group)
        if (pages.length === 0) return null
        const heading = text(`nav.group.${group}`)
        return (
          <section key={group} className="cw-nav-group">
            {heading === '' ? null : <h2>{heading}</h2>}
            <ul>
              {pages.map(({ path, title, nav }) => (
                <li key={path}>
                  <Link
                    to={path}
                    className="cw-nav-link"
                    activeOptions={{ exact: path !== here, includeSearch: false }}
                    activeProps={{ 'aria-current': 'page' }}
                    {...(onGo === undefined ? {} : { onClick: onGo })}
                  >
                    {nav === undefined ? null : <nav.icon size={18} />}
                    {title}
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        )
      })}
    </>
  )
}

/** Of pages below one another the deepest: `/policies/report-only` is not `/policies` as well. */
function findHere(pages: readonly { readonly path: string }[], at: string): string | undefined {
  return pages
    .map(({ path }) => path)
    .filter((path) => at === path || (path !== '/' && at.startsWith(`${path}/`)))
    .sort((a, b) => b.length - a.length)[0]
}
