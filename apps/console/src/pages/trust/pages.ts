// The pages of this area; see `navigation/page-entry.ts`.
import { IconBadge, IconGridDots, IconKey, IconServer, IconShieldCheck } from '@tabler/icons-react'

import type { PageEntry } from '../../navigation/page-entry.ts'
import { text } from '../../texts/text.ts'

export const trustPages: readonly PageEntry[] = [
  {
    path: '/keys',
    title: text('nav.keys'),
    needs: 'keys.list',
    nav: { group: 'trust', icon: IconKey },
    keys: 'g k',
    load: () => import('./keys-page.tsx'),
  },
  {
    path: '/authorization-servers',
    title: text('nav.servers'),
    needs: 'authorization-servers.list',
    nav: { group: 'trust', icon: IconServer },
    load: () => import('./servers-page.tsx'),
  },
  {
    path: '/trusted-issuers',
    title: text('nav.issuers'),
    needs: 'authorization-servers.list',
    nav: { group: 'trust', icon: IconShieldCheck },
    load: () => import('./issuers-page.tsx'),
  },
  {
    path: '/registrations',
    title: text('nav.registrations'),
    ofIdp: true,
    needs: 'connections.list',
    nav: { group: 'trust', icon: IconBadge },
    load: () => import('./registrations-page.tsx'),
  },
  {
    path: '/readiness',
    title: text('nav.readiness'),
    ofIdp: true,
    needs: 'connections.list',
    nav: { group: 'trust', icon: IconGridDots },
    load: () => import('./readiness-page.tsx'),
  },
]
