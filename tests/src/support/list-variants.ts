// Unusual values for every member of a schema, to find out what happens to those it accepts.
import type { z } from 'zod'

/** What looks valid in some place, and once was not everywhere */
const TEXTS = [
  ...[
    'a',
    'A:b@c-d._',
    'a b',
    'a/b',
    '.',
    '..',
    '%',
    '%00',
    '*',
    '(a+)+$',
    '[',
    '\\',
    '"',
    '<b>',
    '${HOME}',
    '7',
  ],
  ...['constructor', '__proto__', 'toString', 'caf\u00e9', 'cafe\u0301', '\u{1F600}', '\u202e', '\u200b'],
  ...['a'.repeat(128), 'a'.repeat(256), 'a'.repeat(4096)],
  ...[
    'https://a.test',
    'https://a.test/',
    'https://a.test.',
    'https://a.test:0',
    'https://a:99999',
    'https://[as',
  ],
  ...[
    'https://u:p@a.test',
    'https://a.test/%',
    'https://a.test/x?y',
    'https://a.test/#y',
    'https://a.test//:id',
  ],
  ...[
    'https://b\u00fccher.test',
    'https://xn--a',
    'https://a..test',
    'https://%61.test',
    'https://[::1]:8443/x',
  ],
  ...[
    'http://localhost:99999',
    'http://127.0.0.1:4000/admin',
    'urn:a:b',
    'com.example.app:/cb',
    'myapp://cb',
  ],
  ...[
    '2027-01-01T00:00:00Z',
    '9999-12-31T23:59:59-23:59',
    '0000-01-01T00:00:00+23:59',
    '2016-12-31T23:59:60Z',
  ],
  ...['Mon-Fri 07:00-20:00 Europe/Berlin', 'Mon 00:00-00:00 Factory', 'Mon 08:00-09:00 +05:30', '10.0.0.0/8'],
  ...['user.id', 'user.attributes.__proto__', 'pairwise', 'idJag.constructor', 'account.email', 'svc_..'],
  ...['a@b.co', 'acme.test', 'spiffe://a/b', 'loopback', 'user:usr_alice', '999999999d', 'XAA1503', 'openid'],
]
const NUMBERS = [0, -0, 1, 1.5, 60, 300, 3600, 2 ** 31, 2 ** 53, 1e308, 5e-324]
const KEYS: readonly object[] = [
  { kty: 'EC', crv: 'secp256k1', x: 'a', y: 'a', kid: 7 },
  { kty: ['RSA'], n: null, use: [], key_ops: 'x', constructor: 1 },
  { $ref: '#', type: 'nope', pattern: '[' },
]

/** A schema that accepts more texts takes any: a few of them, others at the next place. */
const MOST_TEXTS = 16
const FEW = 5
let places = 0

/** @returns values that the schema accepts, each like the base except in one place */
export function listVariants(schema: z.ZodType, base?: unknown): readonly unknown[] {
  const values = propose(schema, base).filter((value) => schema.safeParse(value).success)
  if (typeof values[0] !== 'string' || values.length <= MOST_TEXTS) return values
  places += 1
  return values.filter((_, at) => (at + places) % Math.ceil(values.length / FEW) === 0)
}

function propose(schema: z.ZodType, base: unknown): readonly unknown[] {
  const { def } = (schema as unknown as z.core.$ZodTypes)._zod
  const inside = (inner: z.core.SomeType, of?: unknown) => listVariants(inner as z.ZodType, of)
  switch (def.type) {
    case 'string':
      return TEXTS
    case 'number':
      return NUMBERS
    case 'boolean':
      return [true, false]
    case 'enum':
      return Object.values(def.entries)
    case 'literal':
      return def.values
    case 'unknown':
      return KEYS
    case 'optional':
    case 'default':
    case 'prefault':
    case 'nullable':
      return inside(def.innerType, base)
    case 'pipe':
      return inside(def.in, base)
    case 'union':
      return def.options.flatMap((option) => inside(option, base))
    case 'array': {
      const items = inside(def.element)
      return [[], ...items.map((item) => [item]), [items[0], items[0]]]
    }
    case 'record': {
      const [names, values] = [inside(def.keyType), inside(def.valueType)]
      const pairs = [...names.map((name) => [name, values[0]]), ...values.map((value) => [names[0], value])]
      return [{}, ...pairs.map(([name, value]) => Object.fromEntries([[name, value]]) as unknown)]
    }
    case 'object': {
      const members = Object.entries(def.shape)
      const whole = (base ?? sample(members)) as Readonly<Record<string, unknown>>
      return members.flatMap(([name, member]) =>
        inside(member, whole[name]).map((value) => ({ ...whole, [name]: value })),
      )
    }
    default:
      return []
  }
}

function sample(members: readonly (readonly [string, z.core.SomeType])[]): unknown {
  const required = members.filter(([, member]) => !(member as z.ZodType).safeParse(undefined).success)
  return Object.fromEntries(required.map(([name, member]) => [name, listVariants(member as z.ZodType)[0]]))
}
