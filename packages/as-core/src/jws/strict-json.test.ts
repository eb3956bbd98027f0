import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { parseStrictJsonObject } from './strict-json.ts'

const parse = (text: string) => parseStrictJsonObject(Buffer.from(text))
const nested = (depth: number) => `${'{"a":'.repeat(depth - 1)}{}${'}'.repeat(depth - 1)}`
const listNames = (count: number) => Array.from({ length: count }, (_, at) => `"n${at}":1`)
const inOneObject = (count: number) => `{${listNames(count).join(',')}}`
const inManyObjects = (count: number) =>
  `{"a":[${listNames(count - 1)
    .map((member) => `{${member}}`)
    .join(',')}]}`

describe('SEC-06 strict JSON', () => {
  test.each([
    ['an empty object', '{}'],
    ['names that repeat in different objects', '{"a":{"a":1},"b":[{"a":1},{"a":2}]}'],
    ['text that looks like a member', '{"a":"\\"a\\":1","b":":"}'],
    ['a text ending in backslashes', '{"a":"\\\\","b":"\\\\\\\\"}'],
    ['space before the colon', '{"a"  \n\t:1, "b" :2}'],
    ['__proto__ as an ordinary name', '{"__proto__":{"alg":"none"},"alg":"ES256"}'],
    ['a surrogate pair', '{"a":"\\ud83d\\ude00"}'],
    ['depth 16', nested(16)],
    ['10,000 names in one object', inOneObject(10_000)],
    ['10,000 names in many objects', inManyObjects(10_000)],
    ['300,000 values', `{"a":[${'1,'.repeat(299_998)}1]}`],
    ['a text with as many commas and brackets', `{"a":"${'[{,'.repeat(150_000)}\\"[","b":2}`],
    ['the same name in 20,000 objects', `{"b":[${'{"a":1},'.repeat(20_000)}{}]}`],
  ])('accepts %s', (_, text) => {
    expect(parse(text)).toEqual({ accepted: true, value: JSON.parse(text) as unknown })
  })

  test.each([
    ['a repeated name', '{"a":1,"a":1}', 'repeated-member'],
    ['a repeated name, escaped', '{"a":1,"\\u0061":2}', 'repeated-member'],
    ['a deeply nested repeated name', '{"a":[[{"b":1,"c":2,"b":3}]]}', 'repeated-member'],
    ['a repeated name whose first value had members', '{"a":{"b":1},"a":2}', 'repeated-member'],
    ['repeated __proto__', '{"__proto__":1,"__proto__":2}', 'repeated-member'],
    ['a repeated empty name', '{"":1,"":2}', 'repeated-member'],
    ['a byte order mark', '\ufeff{}', 'not-json'],
    ['trailing data', '{} {}', 'not-json'],
    ['nothing', '', 'not-json'],
    ['an array', '[]', 'not-an-object'],
    ['null', 'null', 'not-an-object'],
    ['depth 17', nested(17), 'too-deep'],
    ['depth 17 in arrays', `{"a":${'['.repeat(16)}${']'.repeat(16)}}`, 'too-deep'],
    ['depth 8000', `{"a":${'['.repeat(8000)}${']'.repeat(8000)}}`, 'too-deep'],
    ['10,001 names in one object', inOneObject(10_001), 'too-complex'],
    ['10,001 names in many objects', inManyObjects(10_001), 'too-complex'],
    ['300,001 values', `{"a":[${'1,'.repeat(299_999)}1]}`, 'too-complex'],
    ['an unclosed text', '{"a":1,"', 'not-json'],
    ['an unclosed text after an escaped quote', '{"a":"\\"', 'not-json'],
    ['a lone surrogate', '{"sub":"\\ud800"}', 'unusable-text'],
    ['a lone surrogate in a name', '{"\\udc00":1}', 'unusable-text'],
    ['a NUL', '{"a":[{"sub":"a\\u0000"}]}', 'unusable-text'],
  ])('refuses %s', (_, text, refusal) => {
    expect(parse(text)).toEqual({ accepted: false, refusal })
  })

  test.each([
    ['a stray continuation byte', [0x7b, 0x22, 0x80, 0x22, 0x7d]],
    ['an overlong slash', [0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x7d]],
    ['an encoded surrogate', [0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x7d]],
  ])('refuses %s', (_, bytes) => {
    expect(parseStrictJsonObject(Buffer.from(bytes))).toEqual({ accepted: false, refusal: 'not-utf-8' })
  })

  test('returns what JSON.parse returns', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 })), fc.nat(3), (object, indent) => {
        const text = JSON.stringify(object, undefined, indent)
        fc.pre(!text.includes('\\u0000'))
        expect(parse(text)).toEqual({ accepted: true, value: JSON.parse(text) as unknown })
      }),
    )
  })

  test('finds a name repeated anywhere', () => {
    const name = fc.string({ minLength: 1 }).filter((text) => !text.includes('\0'))
    fc.assert(
      fc.property(
        name,
        fc.jsonValue({ maxDepth: 3 }),
        fc.jsonValue({ maxDepth: 3 }),
        fc.nat(8),
        (key, a, b, depth) => {
          const member = JSON.stringify(key)
          const twice = `{${member}:${JSON.stringify(a)},"\\u2028":0,${member}:${JSON.stringify(b)}}`
          fc.pre(key !== '\u2028')
          expect(parse(`{"x":${'['.repeat(depth)}${twice}${']'.repeat(depth)}}`)).toEqual({
            accepted: false,
            refusal: 'repeated-member',
          })
        },
      ),
    )
  })
})
