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

describe('details by their schema (RAR-03, RAR-04)', () => {
  it.each([
    ['the least', { amount: 1 }],
    ['the most', { amount: 1000, parts: [1, 2], account: 'DE1', due: '2027-01-31', 'a/b': 1.5 }],
  ])('takes %s', (_, detail) => {
    expect(check(payment, { type: 'payment', ...detail })).toBeUndefined()
  })

  it.each([
    ['too little', { amount: 0 }, '/amount', 'must be >= 1'],
    ['too much', { amount: 1001 }, '/amount', 'must be <= 1000'],
    ['text for a number, which is not converted', { amount: '1' }, '/amount', 'must be integer'],
    ['nothing', {}, '/amount', "must have required property 'amount'"],
    ['a member that no one defined', { amount: 1, to: 'me' }, '/to', 'must NOT have additional properties'],
    ['one item too many', { amount: 1, parts: [1, 1, 1] }, '/parts', 'must NOT have more than 2 items'],
    ['a wrong item', { amount: 1, parts: [1, 0] }, '/parts/1', 'must be >= 1'],
    ['another form', { amount: 1, account: 'x1' }, '/account', 'must match pattern "^[A-Z]{2}\\d+$"'],
    ['no date', { amount: 1, due: 'today' }, '/due', 'must match format "date"'],
    ['a name with a slash', { amount: 1, 'a/b': 'x' }, '/a~1b', 'must be number'],
  ])('finds %s, and where', (_, detail, path, problem) => {
    expect(check(payment, { type: 'payment', ...detail })).toEqual({ path, problem })
  })

  it('repeats no value that was sent, and cuts long names', () => {
    const secret = 'x'.repeat(8000)
    const fault = check(payment, { type: 'payment', amount: 1, [secret]: secret })
    expect(fault?.path).toHaveLength(200)
    expect(JSON.stringify(check(payment, { type: 'payment', amount: secret }))).not.toContain('xxx')
  })

  it('names the whole where no branch of several holds', () => {
    const schema = { anyOf: [{ required: ['a'] }, { required: ['b'] }] }
    expect(check(schema, { type: 't' })).toEqual({ path: '', problem: 'must match a schema in anyOf' })
  })

  it('is not met by what every object has', () => {
    expect(check({ required: ['toString'] }, { type: 't' })?.path).toBe('/toString')
    expect(check({ required: ['toString'] }, { type: 't', toString: 1 })).toBeUndefined()
  })

  it('decides a pattern that would make others go on for ages', () => {
    const schema = { properties: { a: { type: 'string', pattern: '^(a+)+$' } } }
    expect(check(schema, { type: 't', a: `${'a'.repeat(8000)}b` })?.path).toBe('/a')
    expect(check(schema, { type: 't', a: 'a'.repeat(8000) })).toBeUndefined()
  })

  it('follows its own structure as deep as details go', () => {
    const tree = (type: string) => ({ properties: { child: { $ref: '#' }, n: { type } } })
    const deep = { type: 't', child: { child: { child: { n: 'x' } } } }
    const compiled = [compileDetailsSchema(tree('number')), compileDetailsSchema(tree('string'))]
    expect(compiled.map((one) => (one.accepted ? one.value(deep) : one.refusal))).toEqual([
      { path: '/child/child/child/n', problem: 'must be number' },
      undefined,
    ])
  })

  it('takes two schemas of one name, each for itself', () => {
    expect(check({ ...payment, required: ['account'] }, { type: 'payment' })?.path).toBe('/account')
    expect(check({ ...payment }, { type: 'payment' })?.path).toBe('/amount')
  })
})

describe('schemas that cannot be used', () => {
  it.each([
    ['no schema', { type: 'objekt' }, /^schema is invalid: data\/type/],
    ['a keyword that no one knows', { maxLenght: 3 }, /unknown keyword: "maxLenght"/],
    ['a format that is not checked', { properties: { a: { format: 'iban' } } }, /unknown format "iban"/],
    ['another draft', { $schema: 'http://json-schema.org/draft-07/schema#' }, /^its \$schema is not https/],
    ['a reference to elsewhere', { $ref: 'https://vendor.test/s.json' }, /leads outside/],
    [
      'a relative one',
      { properties: { a: { $ref: 'other.json#/a' } } },
      /^\$ref other.json#\/a leads outside/,
    ],
    ['one to the language itself', { $ref: 'https://json-schema.org/draft/2020-12/schema' }, /leads outside/],
    ['a reference to nothing', { $ref: '#/$defs/none' }, /can't resolve reference #\/\$defs\/none/],
    ['anchors', { $defs: { a: { $anchor: 'a' } } }, /^\$anchor is not taken/],
    ['a name inside', { $defs: { a: { $id: 'https://x.test/a' } } }, /^an \$id inside/],
    ['itself', { $ref: '#' }, /go round without an end/],
    [
      'itself by way of others',
      {
        $defs: { a: { allOf: [{ $ref: '#/$defs/b' }] }, b: { if: { $ref: '#/$defs/a' } } },
        $ref: '#/$defs/a',
      },
      /go round/,
    ],
    ['a pattern that looks ahead', { properties: { a: { type: 'string', pattern: '^(?=a)b' } } }, /\?=/],
  ])('%s', (_, schema, refusal) => {
    expect(refusalOf(schema)).toMatch(refusal)
  })

  it.each([
    [32_768, undefined],
    [32_769, 'it is longer than 32768 characters of JSON'],
  ])('a schema of %i characters: %s', (length, refusal) => {
    const empty = JSON.stringify({ title: '' }).length
    expect(refusalOf({ title: 'x'.repeat(length - empty) })).toBe(refusal)
  })

  it('a member that is called $ref, or an example of one, is none', () => {
    expect(refusalOf({ properties: { $ref: { type: 'string' } }, examples: [{ $ref: 'x' }] })).toBeUndefined()
  })
})
