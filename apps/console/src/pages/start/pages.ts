// The pages of this area; see `navigation/page-entry.ts`.
import { IconBulb, IconChecklist, IconInbox, IconLayoutDashboard } from '@tabler/icons-react'

import type { PageEntry } from '../../navigation/page-entry.ts'
import { text } from '../../texts/text.ts'

export const startPages: readonly PageEntry[] = [
  {
    path: '/',
    title: text('nav.overview'),
    nav: { group: 'start', icon: IconLayoutDashboard },
    keys: 'g o',
    load: () => import('./overview-page.tsx'),
  },
  {
    path: '/inbox',
    title: text('nav.inbox'),
    ofIdp: true,
    needs: 'access-requests.list',
    nav: { group: 'start', icon: IconInbox },
    keys: 'g i',
    load: () => import('./inbox-page.tsx'),
  },
  {
    path: '/hints',
    title: text('nav.hints'),
    needs: 'hints.list',
    nav: { group: 'start', icon: IconBulb },
    keys: 'g h',
    load: () => import('../hints/hints-page.tsx'),
  },
  {
    path: '/set-up',
    title: text('nav.setUp'),
    ofIdp: true,
    needs: 'connections.list',
    nav: { group: 'start', icon: IconChecklist },
    load: () => import('./set-up-page.tsx'),
  },
]
