// The pages of this area; see `page-entry.ts`.
import type { PageEntry } from '../page-entry.ts'
import { text } from '../../texts/text.ts'

export const reviewPages: readonly PageEntry[] = [
  {
    path: '/reviews/mine',
    title: text('nav.myReviews'),
    ofIdp: true,
    needs: 'reviews.items',
    nav: { area: 'reviews' },
    keys: 'g v',
    load: () => import('./my-items-page.tsx'),
  },
  {
    path: '/reviews',
    title: text('nav.area.reviews'),
    ofIdp: true,
    needs: 'reviews.list',
    nav: { area: 'reviews', tab: text('nav.tab.reviews') },
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
