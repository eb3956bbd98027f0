import { expect, it } from 'vitest'

import { AREAS, findPageAt, isNavigable, listTabs } from './areas.ts'
import { PAGES } from './pages.ts'

const navigable = PAGES.filter(isNavigable)

it('has at most ten areas, each with a page', () => {
  expect(AREAS.length).toBeLessThanOrEqual(10)
  for (const { id } of AREAS) expect(navigable.some(({ nav }) => nav.area === id)).toBe(true)
})

it('shows pages of one kind in one tab', () => {
  const tabs = listTabs(navigable.filter(({ nav }) => nav.area === 'settings'))
  expect(tabs.map(({ label }) => label)).toEqual([
    'Signing keys',
    'Trust',
    'Event delivery',
    'API tokens',
    'Roles',
    'Approval rules',
    'Retention',
    'Readiness',
  ])
  expect(tabs.find(({ label }) => label === 'Trust')?.pages.length).toBe(4)
})

it.each([
  ['/policies/report-only', '/policies/report-only'],
  ['/policies/pol_1', '/policies'],
  ['/', '/'],
  ['/nowhere', undefined],
])('finds the page of %s', (at, path) => {
  expect(findPageAt(navigable, at)?.path).toBe(path)
})

it('has no duplicate URL, including former ones', () => {
  const all = PAGES.flatMap(({ path, former = [] }) => [path, ...former])
  expect(new Set(all).size).toBe(all.length)
})
