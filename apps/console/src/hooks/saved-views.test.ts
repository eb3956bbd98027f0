// What counts as a saved view, and when one is shown.
import { expect, it } from 'vitest'

import { hasFilters, parseViews } from './saved-views.ts'

const VIEW = { path: '/decisions', name: 'Denied', filters: { outcome: 'deny' } }

it.each([
  ['nothing', null, []],
  ['views', JSON.stringify([VIEW]), [VIEW]],
  ['no list', JSON.stringify(VIEW), []],
  ['no JSON', '[', []],
  ['no object among them', JSON.stringify([null, 'x', VIEW]), [VIEW]],
  ['a view without filters', JSON.stringify([{ ...VIEW, filters: null }]), []],
  ['a filter that is no text', JSON.stringify([{ ...VIEW, filters: { outcome: 1 } }]), []],
  ['a view without a name', JSON.stringify([{ ...VIEW, name: undefined }]), []],
])('reads %s', (_, stored, views) => {
  expect(parseViews(stored)).toEqual(views)
})

it.each([
  [{ outcome: 'deny' }, true],
  [{ outcome: 'deny', app: undefined }, true],
  [{ outcome: 'deny', app: 'agent0' }, false],
  [{ outcome: 'allow' }, false],
  [{}, false],
])('is shown by the filters %j: %s', (filters, expected) => {
  expect(hasFilters(VIEW, filters)).toBe(expected)
})
