// The pages of this area; see `page-entry.ts`.
import type { PageEntry } from '../page-entry.ts'
import { text } from '../../texts/text.ts'

export const connectionPages: readonly PageEntry[] = [
  {
    path: '/connections',
    title: text('word.connections'),
    ofIdp: true,
    needs: 'connections.list',
    nav: { area: 'connections' },
    keys: 'g c',
    load: () => import('./connections-page.tsx'),
  },
  {
    path: '/connections/new',
    title: text('nav.newConnection'),
    ofIdp: true,
    needs: 'connections.create',
    load: () => import('./new-connection-page.tsx'),
  },
  {
    path: '/connections/$id',
    title: text('word.connection'),
    ofIdp: true,
    needs: 'connections.read',
    load: () => import('./connection-page.tsx'),
  },
  {
    path: '/connections/$id/prove',
    title: text('prove.action'),
    ofIdp: true,
    needs: 'connections.prove',
    load: () => import('./prove-page.tsx'),
  },
]
