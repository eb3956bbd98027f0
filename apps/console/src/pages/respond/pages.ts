// The pages of this area; see `navigation/page-entry.ts`.
import { IconHandStop, IconShieldX, IconTicket } from '@tabler/icons-react'

import type { PageEntry } from '../../navigation/page-entry.ts'
import { text } from '../../texts/text.ts'

export const respondPages: readonly PageEntry[] = [
  {
    path: '/kill',
    title: text('nav.kill'),
    ofIdp: true,
    needs: 'kill.preview',
    nav: { group: 'respond', icon: IconHandStop },
    keys: 'g r',
    load: () => import('./kill-page.tsx'),
  },
  {
    path: '/blocks',
    title: text('nav.blocks'),
    ofIdp: true,
    needs: 'blocks.list',
    nav: { group: 'respond', icon: IconShieldX },
    load: () => import('./blocks-page.tsx'),
  },
  {
    path: '/live-access',
    title: text('nav.liveAccess'),
    needs: 'access-tokens.list',
    nav: { group: 'respond', icon: IconTicket },
    load: () => import('./live-access-page.tsx'),
  },
]
