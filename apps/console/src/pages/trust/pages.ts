// The pages of this area; see `page-entry.ts`.
import type { PageEntry } from '../page-entry.ts'
import { text } from '../../texts/text.ts'

export const trustPages: readonly PageEntry[] = [
  {
    path: '/settings/keys',
    former: ['/keys'],
    title: text('nav.keys'),
    needs: 'keys.list',
    nav: { area: 'settings' },
    keys: 'g k',
    load: () => import('./keys-page.tsx'),
  },
  {
    path: '/settings/issuers',
    former: ['/trusted-issuers'],
    title: text('nav.issuers'),
    needs: 'authorization-servers.list',
    nav: { area: 'settings', within: 'trust' },
    load: () => import('./issuers-page.tsx'),
  },
  {
    path: '/settings/servers',
    former: ['/authorization-servers'],
    title: text('nav.servers'),
    needs: 'authorization-servers.list',
    nav: { area: 'settings', within: 'trust' },
    load: () => import('./servers-page.tsx'),
  },
  {
    path: '/settings/registrations',
    former: ['/registrations'],
    title: text('nav.registrations'),
    ofIdp: true,
    needs: 'connections.list',
    nav: { area: 'settings', within: 'trust' },
    load: () => import('./registrations-page.tsx'),
  },
  {
    path: '/settings/invitation',
    title: text('nav.invitation'),
    needs: 'invitations.open',
    nav: { area: 'settings', within: 'trust' },
    load: () => import('./invitation/invitation-page.tsx'),
  },
]
