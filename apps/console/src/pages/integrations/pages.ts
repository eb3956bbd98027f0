// The pages of this area; see `page-entry.ts`.
import type { PageEntry } from '../page-entry.ts'
import { text } from '../../texts/text.ts'

export const integrationPages: readonly PageEntry[] = [
  {
    path: '/settings/audit-streams',
    former: ['/streams'],
    title: text('nav.streams'),
    needs: 'audit-streams.list',
    nav: { area: 'settings', within: 'delivery' },
    load: () => import('./audit-streams-page.tsx'),
  },
  {
    path: '/settings/event-streams',
    former: ['/event-streams'],
    title: text('nav.eventStreams'),
    ofIdp: true,
    needs: 'security-event-streams.list',
    nav: { area: 'settings', within: 'delivery' },
    load: () => import('./event-streams-page.tsx'),
  },
  {
    path: '/settings/tokens',
    former: ['/tokens'],
    title: text('nav.tokens'),
    needs: 'tokens.list',
    nav: { area: 'settings' },
    load: () => import('./tokens-page.tsx'),
  },
]
