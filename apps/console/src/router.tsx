// Routes from the table of pages. What is in the address after `?` are plain texts, so that links can be read.
import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router'
import { lazy } from 'react'

import { AppFrame } from './navigation/app-frame.tsx'
import { NotFound } from './navigation/not-found.tsx'
import { PAGES } from './navigation/pages.ts'
import { PageBoundary, RouteProblem } from './navigation/page-boundary.tsx'

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

export const router = createRouter({
  routeTree: rootRoute.addChildren(pageRoutes),
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
