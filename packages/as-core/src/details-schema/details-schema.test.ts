import { describe, expect, it } from 'vitest'

import { compileDetailsSchema } from './details-schema.ts'

const payment = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'https://vendor.test/payment.json',
  type: 'object',
  properties: {
    type: { const: 'payment' },
    amount: { $ref: '#/$defs/amount' },
    parts: { type: 'array', items: { $ref: '#/$defs/amount' }, maxItems: 2 },
    account: { type: 'string', pattern: '^[A-Z]{2}\\d+$' },
    due: { type: 'string', format: 'date' },
    'a/b': { type: 'number' },
  },
  required: ['type', 'amount'],
  additionalProperties: false,
  $defs: { amount: { type: 'integer', minimum: 1, maximum: 1000 } },
}

function check(schema: Readonly<Record<string, unknown>>, detail: Readonly<Record<string, unknown>>) {
  const compiled = compileDetailsSchema(schema)
  if (!compiled.accepted) throw new Error(compiled.refusal)
  return compiled.value(detail)
}

const refusalOf = (schema: Readonly<Record<string, unknown>>) => {
  const compiled = compileDetailsSchema(schema)
  return compiled.accepted ? undefined : compiled.refusal
}

describe('details checked by their schema (RAR-03, RAR-04)', () => {
  it.each([
    ['the minimum', { amount: 1 }],
    ['the maximum', { amount: 1000, parts: [1, 2], account: 'DE1', due: '2027-01-31', 'a/b': 1.5 }],
  ])('accepts %s', (_, detail) => {
    expect(check(payment, { type: 'payment', ...detail })).toBeUndefined()
  })

  it.each([
    ['too little', { amount: 0 }, '/amount', 'must be >= 1'],
    ['too much', { amount: 1001 }, '/amount', 'must be <= 1000'],
    ['text for a number, which is not converted', { amount: '1' }, '/amount', 'must be integer'],
    ['no members', {}, '/amount', "must have required property 'amount'"],
    ['an undefined member', { amount: 1, to: 'me' }, '/to', 'must NOT have additional properties'],
    ['one item too many', { amount: 1, parts: [1, 1, 1] }, '/parts', 'must NOT have more than 2 items'],
    ['a wrong item', { amount: 1, parts: [1, 0] }, '/parts/1', 'must be >= 1'],
    ['another form', { amount: 1, account: 'x1' }, '/account', 'must match pattern "^[A-Z]{2}\\d+$"'],
    ['an invalid date', { amount: 1, due: 'today' }, '/due', 'must match format "date"'],
    ['a name with a slash', { amount: 1, 'a/b': 'x' }, '/a~1b', 'must be number'],
  ])('reports %s with its location', (_, detail, path, problem) => {
    expect(check(payment, { type: 'payment', ...detail })).toEqual({ path, problem })
  })

  it('repeats no values from the request, and truncates long names', () => {
    const secret = 'x'.repeat(8000)
    const fault = check(payment, { type: 'payment', amount: 1, [secret]: secret })
    expect(fault?.path).toHaveLength(200)
    expect(JSON.stringify(check(payment, { type: 'payment', amount: secret }))).not.toContain('xxx')
  })

  it('reports the whole value if no branch matches', () => {
    const schema = { anyOf: [{ required: ['a'] }, { required: ['b'] }] }
    expect(check(schema, { type: 't' })).toEqual({ path: '', problem: 'must match a schema in anyOf' })
  })

  it('does not count inherited properties', () => {
    expect(check({ required: ['toString'] }, { type: 't' })?.path).toBe('/toString')
    expect(check({ required: ['toString'] }, { type: 't', toString: 1 })).toBeUndefined()
  })

  it('checks a pattern that would backtrack exponentially', () => {
    const schema = { properties: { a: { type: 'string', pattern: '^(a+)+$' } } }
    expect(check(schema, { type: 't', a: `${'a'.repeat(8000)}b` })?.path).toBe('/a')
    expect(check(schema, { type: 't', a: 'a'.repeat(8000) })).toBeUndefined()
  })

  it('follows recursive references to the maximum depth', () => {
    const tree = (type: string) => ({ properties: { child: { $ref: '#' }, n: { type } } })
    const deep = { type: 't', child: { child: { child: { n: 'x' } } } }
    const compiled = [compileDetailsSchema(tree('number')), compileDetailsSchema(tree('string'))]
    expect(compiled.map((one) => (one.accepted ? one.value(deep) : one.refusal))).toEqual([
      { path: '/child/child/child/n', problem: 'must be number' },
      undefined,
    ])
  })

  it('compiles two schemas with the same name independently', () => {
    expect(check({ ...payment, required: ['account'] }, { type: 'payment' })?.path).toBe('/account')
    expect(check({ ...payment }, { type: 'payment' })?.path).toBe('/amount')
  })
})

describe('schemas that cannot be used', () => {
  it.each([
    ['an invalid schema', { type: 'objekt' }, /^schema is invalid: data\/type/],
    ['an unknown keyword', { maxLenght: 3 }, /unknown keyword: "maxLenght"/],
    ['a format that is not checked', { properties: { a: { format: 'iban' } } }, /unknown format "iban"/],
    ['another draft', { $schema: 'http://json-schema.org/draft-07/schema#' }, /^its \$schema is not https/],
    ['an external reference', { $ref: 'https://vendor.test/s.json' }, /points outside/],
    [
      'a relative reference',
      { properties: { a: { $ref: 'other.json#/a' } } },
      /^\$ref other.json#\/a points outside/,
    ],
    [
      'a reference to the meta-schema',
      { $ref: 'https://json-schema.org/draft/2020-12/schema' },
      /points outside/,
    ],
    ['a dangling reference', { $ref: '#/$defs/none' }, /#\/\$defs\/none leads to no schema/],
    // Its patterns and cost would not be counted.
    ['a reference to an example', { $ref: '#/examples/0', examples: [{}] }, /leads to no schema/],
    [
      'a reference to a value',
      { anyOf: [{ $ref: '#/const' }], const: { required: ['a'] } },
      /leads to no sch/,
    ],
    ['an encoded reference', { $ref: '#/$defs/%61', $defs: { a: {} } }, /percent-encoding/],
    // The check would return a promise, which counts as passed, and end the process when it fails.
    ['an asynchronous schema', { $async: true, required: ['a'] }, /^\$async/],
    ['an asynchronous schema in other words', { $async: 1, required: ['a'] }, /^\$async/],
    ['an asynchronous part', { $defs: { a: { $async: true } }, $ref: '#/$defs/a' }, /^\$async/],
    ['a nested $id', { $defs: { a: { $id: 'https://x.test/a' } } }, /^a nested \$id/],
    ['a reference to itself', { $ref: '#' }, /references are circular/],
    [
      'a circular reference through others',
      {
        $defs: { a: { allOf: [{ $ref: '#/$defs/b' }] }, b: { if: { $ref: '#/$defs/a' } } },
        $ref: '#/$defs/a',
      },
      /references are circular/,
    ],
    ['a pattern with a lookahead', { properties: { a: { type: 'string', pattern: '^(?=a)b' } } }, /\?=/],
  ])('%s', (_, schema, refusal) => {
    expect(refusalOf(schema)).toMatch(refusal)
  })

  const itself = { $ref: '#' }
  it.each([
    ['not', itself],
    ['if', itself],
    ['then', itself],
    ['else', itself],
    ['allOf', [itself]],
    ['anyOf', [itself]],
    ['oneOf', [itself]],
    ['dependentSchemas', { a: itself }],
  ])('with a circular reference through %s', (keyword, content) => {
    expect(refusalOf({ [keyword]: content })).toBe('its references are circular')
  })

  const foreign = { $async: true }
  it.each([
    ...['not', 'if', 'then', 'else', 'items', 'contains', 'propertyNames'],
    ...['additionalProperties', 'unevaluatedItems', 'unevaluatedProperties'],
  ])('with a part in %s that cannot be used', (keyword) => {
    expect(refusalOf({ [keyword]: foreign })).toMatch(/^\$async/)
  })
  it.each(['allOf', 'anyOf', 'oneOf', 'prefixItems'])('with a part in %s that cannot be used', (keyword) => {
    expect(refusalOf({ [keyword]: [true, foreign] })).toMatch(/^\$async/)
  })
  it.each(['properties', 'patternProperties', 'dependentSchemas', '$defs', 'definitions'])(
    'with a part in %s that cannot be used',
    (keyword) => {
      expect(refusalOf({ [keyword]: { a: true, b: foreign } })).toMatch(/^\$async/)
    },
  )

  it.each(['$anchor', '$dynamicAnchor', '$dynamicRef', '$recursiveAnchor', '$recursiveRef'])(
    'with %s, which changes what references mean',
    (keyword) => {
      const refusal = `${keyword} is not supported; write $ref: #/$defs/…`
      expect(refusalOf({ $defs: { a: { [keyword]: '#a' } } })).toBe(refusal)
    },
  )

  it.each([
    [32_768, undefined],
    [32_769, 'it is longer than 32768 characters of JSON'],
  ])('a schema of %i characters: %s', (length, refusal) => {
    const empty = JSON.stringify({ title: '' }).length
    expect(refusalOf({ title: 'x'.repeat(length - empty) })).toBe(refusal)
  })

  it('a reference to true or false is a reference to a schema', () => {
    const schema = { properties: { a: { $ref: '#/$defs/none' } }, $defs: { none: false } }
    expect(check(schema, { type: 't' })).toBeUndefined()
    expect(check(schema, { type: 't', a: 1 })?.path).toBe('/a')
  })

  it('a member named $ref, or one in an example, is not a reference', () => {
    expect(refusalOf({ properties: { $ref: { type: 'string' } }, examples: [{ $ref: 'x' }] })).toBeUndefined()
  })
})
