// The pages of this area; see `navigation/page-entry.ts`.
import { IconAdjustments, IconArchive, IconUserShield } from '@tabler/icons-react'

import type { PageEntry } from '../../navigation/page-entry.ts'
import { text } from '../../texts/text.ts'

export const settingsPages: readonly PageEntry[] = [
  {
    path: '/settings/appearance',
    title: text('nav.appearance'),
    nav: { group: 'settings', icon: IconAdjustments },
    load: () => import('./appearance-page.tsx'),
  },
  {
    path: '/settings/roles',
    title: text('nav.roles'),
    needs: 'admin-roles.list',
    nav: { group: 'settings', icon: IconUserShield },
    load: () => import('./roles-page.tsx'),
  },
  {
    path: '/settings/retention',
    title: text('nav.retention'),
    needs: 'audit-retention.read',
    nav: { group: 'settings', icon: IconArchive },
    load: () => import('./retention-page.tsx'),
  },
]
