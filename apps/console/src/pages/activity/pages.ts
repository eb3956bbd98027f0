// The pages of this area; see `page-entry.ts`.
import type { PageEntry } from '../page-entry.ts'
import { text } from '../../texts/text.ts'

export const activityPages: readonly PageEntry[] = [
  {
    path: '/decisions',
    title: text('word.decisions'),
    needs: 'decisions.list',
    nav: { area: 'activity' },
    keys: 'g d',
    load: () => import('./decisions-page.tsx'),
  },
  {
    path: '/decisions/$id',
    title: text('word.decision'),
    needs: 'decisions.read',
    load: () => import('./decision-page.tsx'),
  },
  {
    path: '/timeline',
    title: text('nav.timeline'),
    ofIdp: true,
    needs: 'audit.list',
    nav: { area: 'activity' },
    keys: 'g t',
    load: () => import('./timeline-page.tsx'),
  },
  {
    path: '/map',
    former: ['/graph'],
    title: text('nav.graph'),
    ofIdp: true,
    needs: 'connections.list',
    nav: { area: 'activity' },
    keys: 'g n',
    load: () => import('./graph-page.tsx'),
  },
  {
    path: '/audit',
    title: text('nav.audit'),
    needs: 'audit.list',
    nav: { area: 'activity' },
    keys: 'g l',
    load: () => import('./audit-page.tsx'),
  },
]
