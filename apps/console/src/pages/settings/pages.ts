// The pages of this area; see `navigation/page-entry.ts`.
import { IconAdjustments } from '@tabler/icons-react'

import type { PageEntry } from '../../navigation/page-entry.ts'
import { text } from '../../texts/text.ts'

export const settingsPages: readonly PageEntry[] = [
  {
    path: '/settings/appearance',
    title: text('nav.appearance'),
    nav: { group: 'settings', icon: IconAdjustments },
    load: () => import('./appearance-page.tsx'),
  },
]
