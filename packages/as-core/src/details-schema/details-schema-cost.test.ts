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

/** Each level refers to the next one twice. */
function doubling(levels: number, keyword: string): Schema {
  const $defs: Record<string, unknown> = { [`a${levels}`]: { required: ['never'] } }
  for (let level = 0; level < levels; level += 1)
    $defs[`a${level}`] = { [keyword]: Array.from({ length: 2 }, () => ({ $ref: `#/$defs/a${level + 1}` })) }
  return { $ref: '#/$defs/a0', $defs }
}

describe('schema cost', () => {
  it.each(['anyOf', 'allOf', 'oneOf'])(
    '%s that forks at every level is accepted up to the step limit',
    (keyword) => {
      // Three schemas per level: 3 * 2^n - 1 steps for each of two places.
      expect(refusalOf(doubling(11, keyword))).toBeUndefined()
      expect(refusalOf(doubling(12, keyword))).toBe(TOO_MANY)
      expect(refusalOf(doubling(40, keyword))).toBe(TOO_MANY)
    },
  )

  it('refuses many references to many references to many schemas', () => {
    const refs = (to: string, width: number) => ({
      anyOf: Array.from({ length: width }, () => ({ $ref: `#/$defs/${to}` })),
    })
    const wide = { anyOf: Array.from({ length: 60 }, () => ({ required: ['never'] })) }
    expect(refusalOf({ ...refs('middle', 60), $defs: { middle: refs('wide', 2), wide } })).toBeUndefined()
    expect(refusalOf({ ...refs('middle', 60), $defs: { middle: refs('wide', 60), wide } })).toBe(TOO_MANY)
  })

  it('refuses members that fork with each level of the value, but accepts a tree', () => {
    const child = { properties: { child: { $ref: '#' } } }
    expect(refusalOf({ allOf: [child] })).toBeUndefined()
    expect(refusalOf({ allOf: [child, child] })).toBe(TOO_MANY)
    expect(refusalOf({ properties: { left: { $ref: '#' }, right: { $ref: '#' } } })).toBeUndefined()
    expect(refusalOf({ items: { $ref: '#' }, contains: { $ref: '#' } })).toBe(TOO_MANY)
  })

  it.each<[string, (names: readonly string[]) => Schema]>([
    ['enum', (names) => ({ enum: names })],
    ['required', (names) => ({ required: names })],
    ['dependentRequired', (names) => ({ dependentRequired: { a: names } })],
  ])('counts long lists in %s', (_, build) => {
    const { $ref, $defs } = doubling(11, 'anyOf') as { $ref: string; $defs: object }
    const withNames = (count: number) => {
      const a11 = build(Array.from({ length: count }, (_name, n) => `n${n}`))
      return refusalOf({ $ref, $defs: { ...$defs, a11 } })
    }
    expect(withNames(49)).toBeUndefined()
    expect(withNames(100)).toBe(TOO_MANY)
  })

  it.each([
    ['schemas', (count: number) => ({ anyOf: Array.from({ length: count }, () => ({ type: 'object' })) })],
    ['boolean schemas', (count: number) => ({ allOf: Array.from({ length: count }, () => true) })],
    [
      'dependent names',
      (count: number) => ({ dependentRequired: { a: Array.from({ length: count }, (_, n) => `n${n}`) } }),
    ],
  ])('compiles 200 %s, but not 201', (_, build) => {
    expect(refusalOf(build(199))).toBeUndefined()
    expect(refusalOf(build(200))).toBe('it has 201 schemas inside, more than 200')
  })

  it('refuses patterns that are huge, or become huge once expanded', () => {
    const patterns = (text: string, count: number): Schema => ({
      patternProperties: Object.fromEntries(Array.from({ length: count }, (_, n) => [`${text}${n}`, true])),
    })
    expect(refusalOf(patterns('(a{30}){30}', 9))).toBeUndefined()
    expect(refusalOf(patterns('(a{30}){30}', 11))).toBe(TOO_MANY)
    expect(refusalOf({ pattern: 'a', ...patterns('(a{30}){30}', 11) })).toBe(TOO_MANY)
    expect(refusalOf({ pattern: 'a'.repeat(2000) })).toBeUndefined()
    expect(refusalOf({ pattern: 'a'.repeat(2001) })).toBe(TOO_MANY)
  })
})

describe('value size', () => {
  it('is limited by the cost of its schema at each place', () => {
    const schema = { properties: { list: { items: { anyOf: [{ type: 'number' }, { type: 'boolean' }] } } } }
    // Three steps per item, plus the object, its type and the list.
    const fits = Math.floor(20_000 / 3) - 3
    const detail = (length: number) => ({ type: 't', list: Array.from({ length }, () => 1) })
    expect(check(schema, detail(fits))).toBeUndefined()
    expect(check(schema, detail(fits + 1))).toEqual({ path: '', problem: 'is too large for its schema' })
  })

  it('is limited by uniqueItems', () => {
    const schema = { properties: { list: { uniqueItems: true } } }
    const detail = (length: number) => ({
      type: 't',
      list: Array.from({ length }, (_, n) => ({ n: n % 7e9 })),
    })
    expect(check(schema, detail(200))).toBeUndefined()
    expect(check(schema, detail(4000))).toEqual({ path: '', problem: 'is too large for its schema' })
  })

  it('is limited for strings matched against patterns', () => {
    const schema = { properties: { a: { type: 'string', pattern: '^(a{15}){30}$' } } }
    expect(check(schema, { type: 't', a: 'a'.repeat(450) })).toBeUndefined()
    expect(check(schema, { type: 't', a: 'a'.repeat(60_000) })?.problem).toBe('is too large for its schema')
    const ofNames = { patternProperties: { '^(a{15}){30}$': { type: 'number' } } }
    expect(check(ofNames, { type: 't', ['a'.repeat(450)]: 1 })).toBeUndefined()
    expect(check(ofNames, { type: 't', ['a'.repeat(60_000)]: 1 })?.problem).toBe(
      'is too large for its schema',
    )
  })

  it.each([
    [32, undefined],
    [33, { path: '', problem: 'is too large for its schema' }],
  ])('nested %i deep: %j', (depth, fault) => {
    const nest = (left: number): unknown => (left === 0 ? 1 : { child: nest(left - 1) })
    expect(check({ properties: { child: { $ref: '#' } } }, nest(depth) as Schema)).toEqual(fault)
  })
})
