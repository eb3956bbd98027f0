import { expect, it } from 'vitest'

import { parseAttributeLines, renderAttributeLines } from './attribute-lines.ts'

it.each([
  [{ department: 'sales' }],
  [{ level: 3, external: false, badge: '0042', answer: 'true', quoted: '"x"', city: 'Bad Homburg = x' }],
  [{}],
])('%j comes back from its lines', (attributes) => {
  expect(parseAttributeLines(renderAttributeLines(attributes))).toEqual({ attributes })
})

it('distinguishes numbers and booleans from strings', () => {
  expect(parseAttributeLines('level = 3\n\n external=true\nbadge = "3"').attributes).toEqual({
    level: 3,
    external: true,
    badge: '3',
  })
})

it('reports the first invalid line', () => {
  expect(parseAttributeLines('a = 1\nnothing here\nb = 2').bad).toBe('nothing here')
  expect(parseAttributeLines('= 1').bad).toBe('= 1')
})

it('accepts names of Object.prototype members', () => {
  expect(Object.keys(parseAttributeLines('__proto__ = 1').attributes)).toEqual(['__proto__'])
})
