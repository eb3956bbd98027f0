// The pages of an area as tabs, with a second row for pages that share a tab.
import { Link } from '@tanstack/react-router'

import { useCentered } from '../hooks/use-centered.ts'
import { text } from '../texts/text.ts'
import { AREAS, isNavigable, listTabs, type NavigablePage } from './areas.ts'
import { useNavigablePage } from './navigation.tsx'
import { PAGES } from './pages.ts'
import { useIsVisible } from './use-is-visible.ts'

export function AreaTabs() {
  const visible = PAGES.filter(isNavigable).filter(useIsVisible())
  const here = useNavigablePage()
  const area = AREAS.find(({ id }) => id === here?.nav.area)
  if (here === undefined || area === undefined) return null
  const tabs = listTabs(visible.filter(({ nav }) => nav.area === area.id))
  const open = tabs.find(({ pages }) => pages.some(({ path }) => path === here.path))
  if (tabs.length < 2) return null
  return (
    <nav aria-label={text('nav.pagesOf', { area: area.label })} className="cw-area-tabs">
      <ul>
        {tabs.map((tab) => (
          <li key={tab.label}>
            <PageLink page={tab.pages[0]} label={tab.label} isHere={tab === open} />
          </li>
        ))}
      </ul>
      {open === undefined || open.pages.length < 2 ? null : (
        <ul className="cw-sub-tabs">
          {open.pages.map((page) => (
            <li key={page.path}>
              <PageLink page={page} label={page.title} isHere={page.path === here.path} />
            </li>
          ))}
        </ul>
      )}
    </nav>
  )
}

interface PageLinkProps {
  readonly page: NavigablePage
  readonly label: string
  readonly isHere: boolean
}

function PageLink({ page, label, isHere }: PageLinkProps) {
  return (
    <Link
      ref={useCentered<HTMLAnchorElement>(isHere)}
      to={page.path}
      activeOptions={{ exact: true, includeSearch: false }}
      aria-current={isHere ? 'page' : undefined}
    >
      {label}
    </Link>
  )
}
