// The pages of this area; see `page-entry.ts`.
import type { PageEntry } from '../page-entry.ts'
import { text } from '../../texts/text.ts'

export const policyPages: readonly PageEntry[] = [
  {
    path: '/policies',
    title: text('word.policies'),
    ofIdp: true,
    needs: 'policies.list',
    nav: { area: 'policies', tab: text('nav.tab.policies') },
    keys: 'g p',
    load: () => import('./policies-page.tsx'),
  },
  {
    path: '/policies/report-only',
    title: text('nav.reportOnly'),
    ofIdp: true,
    needs: 'policies.list',
    nav: { area: 'policies' },
    load: () => import('./report-only-page.tsx'),
  },
  {
    path: '/policies/new',
    title: text('word.createPolicy'),
    ofIdp: true,
    needs: 'policies.create',
    load: () => import('./new-policy-page.tsx'),
  },
  {
    path: '/policies/$id',
    title: text('word.policy'),
    ofIdp: true,
    needs: 'policies.read',
    load: () => import('./policy-page.tsx'),
  },
  {
    path: '/policy-tests',
    title: text('nav.policyTests'),
    ofIdp: true,
    needs: 'policies.test',
    nav: { area: 'policies', tab: text('word.tests') },
    load: () => import('./policy-tests-page.tsx'),
  },
  {
    path: '/simulator',
    title: text('nav.simulator'),
    ofIdp: true,
    needs: 'simulate',
    nav: { area: 'policies' },
    keys: 'g s',
    load: () => import('./simulator-page.tsx'),
  },
]
