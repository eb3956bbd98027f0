// The pages of this area; see `page-entry.ts`.
import type { PageEntry } from '../page-entry.ts'
import { text } from '../../texts/text.ts'

export const userPages: readonly PageEntry[] = [
  {
    path: '/users',
    title: text('word.users'),
    ofIdp: true,
    needs: 'users.list',
    nav: { area: 'users', tab: text('nav.tab.users') },
    keys: 'g u',
    load: () => import('./users-page.tsx'),
  },
  {
    path: '/users/new',
    title: text('users.new'),
    ofIdp: true,
    needs: 'users.create',
    load: () => import('./new-user-page.tsx'),
  },
  {
    path: '/users/$id',
    title: text('word.user'),
    ofIdp: true,
    needs: 'users.read',
    load: () => import('./user-page.tsx'),
  },
  {
    path: '/groups',
    title: text('word.groups'),
    ofIdp: true,
    needs: 'groups.list',
    nav: { area: 'users' },
    load: () => import('./groups-page.tsx'),
  },
  {
    path: '/groups/$id',
    title: text('word.group'),
    ofIdp: true,
    needs: 'groups.read',
    load: () => import('./group-page.tsx'),
  },
]
