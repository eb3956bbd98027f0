// The pages of this area; see `navigation/page-entry.ts`.
import { IconClipboardCheck, IconUserCheck } from '@tabler/icons-react'

import type { PageEntry } from '../../navigation/page-entry.ts'
import { text } from '../../texts/text.ts'

export const reviewPages: readonly PageEntry[] = [
  {
    path: '/reviews/mine',
    title: text('nav.myReviews'),
    ofIdp: true,
    needs: 'reviews.items',
    nav: { group: 'reviews', icon: IconUserCheck },
    keys: 'g v',
    load: () => import('./my-items-page.tsx'),
  },
  {
    path: '/reviews',
    title: text('nav.reviews'),
    ofIdp: true,
    needs: 'reviews.list',
    nav: { group: 'reviews', icon: IconClipboardCheck },
    load: () => import('./reviews-page.tsx'),
  },
  {
    path: '/reviews/$id',
    title: text('nav.review'),
    ofIdp: true,
    needs: 'reviews.read',
    load: () => import('./review-page.tsx'),
  },
]
