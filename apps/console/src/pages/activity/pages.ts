// The pages of this area; see `navigation/page-entry.ts`.
import { IconAffiliate, IconHistory, IconListSearch, IconTimelineEvent } from '@tabler/icons-react'

import type { PageEntry } from '../../navigation/page-entry.ts'
import { text } from '../../texts/text.ts'

export const activityPages: readonly PageEntry[] = [
  {
    path: '/decisions',
    title: text('nav.decisions'),
    needs: 'decisions.list',
    nav: { group: 'activity', icon: IconListSearch },
    keys: 'g d',
    load: () => import('./decisions-page.tsx'),
  },
  {
    path: '/decisions/$id',
    title: text('nav.decision'),
    needs: 'decisions.read',
    load: () => import('./decision-page.tsx'),
  },
  {
    path: '/timeline',
    title: text('nav.timeline'),
    ofIdp: true,
    needs: 'audit.list',
    nav: { group: 'activity', icon: IconTimelineEvent },
    keys: 'g t',
    load: () => import('./timeline-page.tsx'),
  },
  {
    path: '/graph',
    title: text('nav.graph'),
    ofIdp: true,
    needs: 'connections.list',
    nav: { group: 'activity', icon: IconAffiliate },
    keys: 'g n',
    load: () => import('./graph-page.tsx'),
  },
  {
    path: '/audit',
    title: text('nav.audit'),
    needs: 'audit.list',
    nav: { group: 'activity', icon: IconHistory },
    keys: 'g l',
    load: () => import('./audit-page.tsx'),
  },
]
