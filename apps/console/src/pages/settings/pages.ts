// The pages of this area; see `page-entry.ts`.
import type { PageEntry } from '../page-entry.ts'
import { text } from '../../texts/text.ts'

export const settingsPages: readonly PageEntry[] = [
  {
    path: '/settings/appearance',
    title: text('nav.appearance'),
    load: () => import('./appearance-page.tsx'),
  },
  {
    path: '/design',
    title: text('nav.design'),
    needs: 'decisions.list',
    load: () => import('../design/design-page.tsx'),
  },
  {
    path: '/settings/roles',
    title: text('nav.roles'),
    needs: 'admin-roles.list',
    nav: { area: 'settings' },
    load: () => import('./roles-page.tsx'),
  },
  {
    path: '/settings/retention',
    title: text('word.retention'),
    needs: 'audit-retention.read',
    nav: { area: 'settings' },
    load: () => import('./retention-page.tsx'),
  },
  {
    path: '/settings/readiness',
    former: ['/readiness'],
    title: text('nav.readiness'),
    ofIdp: true,
    needs: 'connections.list',
    nav: { area: 'settings' },
    load: () => import('../trust/readiness-page.tsx'),
  },
]
