// The pages of this area; see `navigation/page-entry.ts`.
import { IconBroadcast, IconKey, IconTransfer } from '@tabler/icons-react'

import type { PageEntry } from '../../navigation/page-entry.ts'
import { text } from '../../texts/text.ts'

export const integrationPages: readonly PageEntry[] = [
  {
    path: '/streams',
    title: text('nav.streams'),
    needs: 'audit-streams.list',
    nav: { group: 'integrations', icon: IconTransfer },
    load: () => import('./audit-streams-page.tsx'),
  },
  {
    path: '/event-streams',
    title: text('nav.eventStreams'),
    ofIdp: true,
    needs: 'security-event-streams.list',
    nav: { group: 'integrations', icon: IconBroadcast },
    load: () => import('./event-streams-page.tsx'),
  },
  {
    path: '/tokens',
    title: text('nav.tokens'),
    needs: 'tokens.list',
    nav: { group: 'integrations', icon: IconKey },
    load: () => import('./tokens-page.tsx'),
  },
]
