// The pages of this area; see `page-entry.ts`.
import type { PageEntry } from '../page-entry.ts'
import { text } from '../../texts/text.ts'

export const appPages: readonly PageEntry[] = [
  {
    path: '/apps',
    title: text('word.requestingApps'),
    ofIdp: true,
    needs: 'apps.list',
    nav: { area: 'apps', tab: text('nav.tab.apps') },
    keys: 'g a',
    load: () => import('./apps-page.tsx'),
  },
  {
    path: '/apps/new',
    title: text('apps.register'),
    ofIdp: true,
    needs: 'apps.create',
    load: () => import('./new-app-page.tsx'),
  },
  {
    path: '/apps/$id',
    title: text('word.requestingApp'),
    ofIdp: true,
    needs: 'apps.read',
    load: () => import('./app-page.tsx'),
  },
  {
    path: '/agents',
    title: text('nav.agents'),
    ofIdp: true,
    needs: 'apps.list',
    nav: { area: 'apps' },
    load: () => import('./agents-page.tsx'),
  },
  {
    path: '/resource-apps',
    title: text('nav.resourceApps'),
    ofIdp: true,
    needs: 'resource-apps.list',
    nav: { area: 'apps' },
    load: () => import('./resource-apps-page.tsx'),
  },
  {
    path: '/resource-apps/new',
    title: text('resourceApps.register'),
    ofIdp: true,
    needs: 'resource-apps.create',
    load: () => import('./new-resource-app-page.tsx'),
  },
  {
    path: '/resource-apps/$id',
    title: text('word.resourceApp'),
    ofIdp: true,
    needs: 'resource-apps.read',
    load: () => import('./resource-app-page.tsx'),
  },
]
