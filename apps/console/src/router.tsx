// Routes derived from the page table. Query parameters are plain strings, so that links are readable.
import { createRootRoute, createRoute, createRouter, Link, Navigate, redirect } from '@tanstack/react-router'
import { lazy } from 'react'
import { IconSignRight } from '@tabler/icons-react'

import { AppFrame } from './navigation/app-frame.tsx'
import { AREAS, isNavigable } from './navigation/areas.ts'
import { PAGES } from './navigation/pages.ts'
import { PageBoundary, RouteProblem } from './navigation/page-boundary.tsx'
import { useIsVisible } from './navigation/use-is-visible.ts'
import { State } from './components/states.tsx'
import { useWindowTitle } from './hooks/use-window-title.ts'
import { text } from './texts/text.ts'

const rootRoute = createRootRoute({ component: AppFrame, notFoundComponent: NotFound })

const pageRoutes = PAGES.map((entry) => {
  const Loaded = lazy(async () => ({ default: (await entry.load()).Page }))
  return createRoute({
    getParentRoute: () => rootRoute,
    path: entry.path,
    component: () => (
      <PageBoundary entry={entry}>
        <Loaded />
      </PageBoundary>
    ),
  })
})

/** Keeps bookmarks and old links working, including filters. */
const formerRoutes = PAGES.flatMap(({ path, former = [] }) =>
  former.map((old) =>
    createRoute({
      getParentRoute: () => rootRoute,
      path: old,
      beforeLoad: ({ search }) => redirect({ to: path, search, replace: true, throw: true }),
    }),
  ),
)

/** An area URL such as `/activity` opens the first page that the role may see. */
const areaRoutes = AREAS.filter(({ id }) => !['/', ...PAGES.map(({ path }) => path)].includes(`/${id}`)).map(
  ({ id }) =>
    createRoute({
      getParentRoute: () => rootRoute,
      path: `/${id}`,
      component: function FirstOfArea() {
        const shown = useIsVisible()
        const first = PAGES.filter(isNavigable).find((entry) => entry.nav.area === id && shown(entry))
        return first === undefined ? <NotFound /> : <Navigate to={first.path} replace />
      },
    }),
)

export const router = createRouter({
  routeTree: rootRoute.addChildren([...pageRoutes, ...formerRoutes, ...areaRoutes]),
  basepath: '/admin',
  defaultErrorComponent: RouteProblem,
  defaultNotFoundComponent: NotFound,
  scrollRestoration: true,
  parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
  stringifySearch: (search) => {
    const set = Object.entries(search).filter(([, value]) => value !== undefined && value !== '')
    const rendered = new URLSearchParams(set.map(([name, value]) => [name, String(value)])).toString()
    return rendered === '' ? '' : `?${rendered}`
  },
})

/** The page for unknown URLs. */
function NotFound() {
  useWindowTitle(text('nav.notFound'))
  return (
    <State
      icon={<IconSignRight size={32} />}
      title={text('nav.notFound')}
      actions={<Link to="/">{text('word.overview')}</Link>}
    >
      {text('nav.notFoundText')}
    </State>
  )
}
