// The pages of this area; see `page-entry.ts`.
import type { PageEntry } from '../page-entry.ts'
import { text } from '../../texts/text.ts'

export const respondPages: readonly PageEntry[] = [
  {
    path: '/kill-switch',
    former: ['/kill'],
    title: text('nav.kill'),
    ofIdp: true,
    needs: 'kill.preview',
    nav: { area: 'respond' },
    keys: 'g r',
    load: () => import('./kill-page.tsx'),
  },
  {
    path: '/blocks',
    title: text('nav.blocks'),
    ofIdp: true,
    needs: 'blocks.list',
    nav: { area: 'respond' },
    load: () => import('./blocks-page.tsx'),
  },
  {
    path: '/live-access',
    title: text('nav.liveAccess'),
    needs: 'access-tokens.list',
    nav: { area: 'respond' },
    load: () => import('./live-access-page.tsx'),
  },
  {
    path: '/recommendations',
    former: ['/hints'],
    title: text('word.recommendations'),
    needs: 'recommendations.list',
    nav: { area: 'respond' },
    keys: 'g h',
    load: () => import('../recommendations/recommendations-page.tsx'),
  },
]
