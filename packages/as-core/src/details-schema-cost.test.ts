import { describe, expect, it } from 'vitest'

import { compileDetailsSchema } from './details-schema.ts'

type Schema = Readonly<Record<string, unknown>>

const TOO_MANY = 'checking a value would take too many steps'
const refusalOf = (schema: Schema) => {
  const compiled = compileDetailsSchema(schema)
  return compiled.accepted ? undefined : compiled.refusal
}
const check = (schema: Schema, detail: Schema) => {
  const compiled = compileDetailsSchema(schema)
  if (!compiled.accepted) throw new Error(compiled.refusal)
  return compiled.value(detail)
}

/** Each level asks for the next one twice. */
function doubling(levels: number, keyword: string): Schema {
  const $defs: Record<string, unknown> = { [`a${levels}`]: { required: ['never'] } }
  for (let level = 0; level < levels; level += 1)
    $defs[`a${level}`] = { [keyword]: Array.from({ length: 2 }, () => ({ $ref: `#/$defs/a${level + 1}` })) }
  return { $ref: '#/$defs/a0', $defs }
}

describe('the cost of a schema', () => {
  it.each(['anyOf', 'allOf', 'oneOf'])(
    '%s that forks again and again is taken as far as it is cheap',
    (keyword) => {
      // Three schemas a level: 3 * 2^n - 1 steps for each of two places.
      expect(refusalOf(doubling(11, keyword))).toBeUndefined()
      expect(refusalOf(doubling(12, keyword))).toBe(TOO_MANY)
      expect(refusalOf(doubling(40, keyword))).toBe(TOO_MANY)
    },
  )

  it('a fan of references to a fan of references to a fan of schemas is refused', () => {
    const refs = (to: string, width: number) => ({
      anyOf: Array.from({ length: width }, () => ({ $ref: `#/$defs/${to}` })),
    })
    const wide = { anyOf: Array.from({ length: 60 }, () => ({ required: ['never'] })) }
    expect(refusalOf({ ...refs('middle', 60), $defs: { middle: refs('wide', 2), wide } })).toBeUndefined()
    expect(refusalOf({ ...refs('middle', 60), $defs: { middle: refs('wide', 60), wide } })).toBe(TOO_MANY)
  })

  it('members that fork with each level of the value are refused, a tree is not', () => {
    const child = { properties: { child: { $ref: '#' } } }
    expect(refusalOf({ allOf: [child] })).toBeUndefined()
    expect(refusalOf({ allOf: [child, child] })).toBe(TOO_MANY)
    expect(refusalOf({ properties: { left: { $ref: '#' }, right: { $ref: '#' } } })).toBeUndefined()
    expect(refusalOf({ items: { $ref: '#' }, contains: { $ref: '#' } })).toBe(TOO_MANY)
  })

  it.each([
    ['schemas', (count: number) => ({ anyOf: Array.from({ length: count }, () => ({ type: 'object' })) })],
    ['schemas that say yes or no', (count: number) => ({ allOf: Array.from({ length: count }, () => true) })],
    [
      'names that depend on another',
      (count: number) => ({ dependentRequired: { a: Array.from({ length: count }, (_, n) => `n${n}`) } }),
    ],
  ])('200 %s are compiled, and not one more', (_, build) => {
    expect(refusalOf(build(199))).toBeUndefined()
    expect(refusalOf(build(200))).toBe('it has 201 schemas inside, more than 200')
  })

  it('patterns that are huge once they are written out, or as they are written, are refused', () => {
    const patterns = (text: string, count: number): Schema => ({
      patternProperties: Object.fromEntries(Array.from({ length: count }, (_, n) => [`${text}${n}`, true])),
    })
    expect(refusalOf(patterns('(a{30}){30}', 9))).toBeUndefined()
    expect(refusalOf(patterns('(a{30}){30}', 11))).toBe(TOO_MANY)
    expect(refusalOf({ pattern: 'a'.repeat(2000) })).toBeUndefined()
    expect(refusalOf({ pattern: 'a'.repeat(2001) })).toBe(TOO_MANY)
  })
})

describe('the size of a value', () => {
  it('is bounded by what its schema costs at each place', () => {
    const schema = { properties: { list: { items: { anyOf: [{ type: 'number' }, { type: 'boolean' }] } } } }
    // Three steps at each item, the object, its type and the list.
    const fits = Math.floor(20_000 / 3) - 3
    const detail = (length: number) => ({ type: 't', list: Array.from({ length }, () => 1) })
    expect(check(schema, detail(fits))).toBeUndefined()
    expect(check(schema, detail(fits + 1))).toEqual({ path: '', problem: 'is too large for its schema' })
  })

  it('is bounded where items must differ', () => {
    const schema = { properties: { list: { uniqueItems: true } } }
    const detail = (length: number) => ({
      type: 't',
      list: Array.from({ length }, (_, n) => ({ n: n % 7e9 })),
    })
    expect(check(schema, detail(200))).toBeUndefined()
    expect(check(schema, detail(4000))).toEqual({ path: '', problem: 'is too large for its schema' })
  })

  it('is bounded where texts meet patterns', () => {
    const schema = { properties: { a: { type: 'string', pattern: '^(a{15}){30}$' } } }
    expect(check(schema, { type: 't', a: 'a'.repeat(450) })).toBeUndefined()
    expect(check(schema, { type: 't', a: 'a'.repeat(60_000) })?.problem).toBe('is too large for its schema')
  })

  it.each([
    [32, undefined],
    [33, { path: '', problem: 'is too large for its schema' }],
  ])('nested %i deep: %j', (depth, fault) => {
    const nest = (left: number): unknown => (left === 0 ? 1 : { child: nest(left - 1) })
    expect(check({ properties: { child: { $ref: '#' } } }, nest(depth) as Schema)).toEqual(fault)
  })
})
