// The pages of this area; see `page-entry.ts`.
import type { PageEntry } from '../page-entry.ts'
import { text } from '../../texts/text.ts'

export const startPages: readonly PageEntry[] = [
  {
    path: '/',
    title: text('word.overview'),
    nav: { area: 'overview', tab: text('nav.tab.summary') },
    keys: 'g o',
    load: () => import('./overview-page.tsx'),
  },
  {
    path: '/inbox',
    title: text('nav.inbox'),
    ofIdp: true,
    needs: 'access-requests.list',
    nav: { area: 'inbox' },
    keys: 'g i',
    load: () => import('./inbox-page.tsx'),
  },
  {
    path: '/set-up',
    title: text('nav.setUp'),
    ofIdp: true,
    needs: 'connections.list',
    nav: { area: 'overview' },
    load: () => import('./set-up-page.tsx'),
  },
]
