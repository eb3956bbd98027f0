// The menu: areas with a page that the role may see, each linked to its first page.
import { Link, useLocation } from '@tanstack/react-router'

import { AREAS, findPageAt, isNavigable, type NavigablePage } from './areas.ts'
import { InboxCount } from './inbox-count.tsx'
import { PAGES } from './pages.ts'
import { useIsVisible } from './use-is-visible.ts'

const NAVIGABLE = PAGES.filter(isNavigable)

export function Navigation({ onGo }: { readonly onGo?: () => void }) {
  const visible = NAVIGABLE.filter(useIsVisible())
  const here = useNavigablePage()
  return (
    <ul className="cw-nav-list">
      {AREAS.map(({ id, label, icon: Icon }) => {
        const first = visible.find(({ nav }) => nav.area === id)
        if (first === undefined) return null
        return (
          <li key={id}>
            <Link
              to={first.path}
              className="cw-nav-link"
              activeOptions={{ exact: true, includeSearch: false }}
              aria-current={here?.nav.area === id ? 'page' : undefined}
              {...(onGo === undefined ? {} : { onClick: onGo })}
            >
              <Icon size={18} aria-hidden="true" />
              {label}
              {id === 'inbox' ? <InboxCount /> : null}
            </Link>
          </li>
        )
      })}
    </ul>
  )
}

/** @returns the active page, or the menu page that it belongs to */
export function useNavigablePage(): NavigablePage | undefined {
  return findPageAt(NAVIGABLE, useLocation({ select: ({ pathname }) => pathname }))
}
