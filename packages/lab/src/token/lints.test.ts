import { expect, it } from 'vitest'

import type { DecodedToken, TokenKind } from './decode-token.ts'
import { lintToken } from './lints.ts'

const NOW = 1_772_445_600
const parties = { iss: 'https://a.example', sub: 'u', aud: 'https://b.example', client_id: 'c', jti: 'j' }
const claims = { ...parties, iat: NOW, exp: NOW + 300 }
const header = { alg: 'ES256', kid: 'k' }

/** @returns the ids of what is found */
function lint(kind: TokenKind, change: Record<string, unknown> = {}, inHeader: Record<string, unknown> = {}) {
  const token: DecodedToken = { kind, header: { ...header, ...inHeader }, claims: { ...claims, ...change } }
  return lintToken(token, NOW).map(({ id }) => id)
}

it.each<[TokenKind, Record<string, unknown>, Record<string, unknown>, string[]]>([
  ['id-jag', {}, {}, []],
  ['access-token', {}, {}, []],
  ['id-token', { client_id: undefined }, {}, []],
  // Of another type than what it says.
  ['jwt', {}, { typ: 'JWT' }, ['wrong-typ']],
  ['id-token', { auth_time: NOW }, {}, ['wrong-typ']],
  ['jwt', { client_id: undefined }, { typ: 'JWT' }, []],
  // Not signed by a key of one party.
  ['id-jag', {}, { alg: 'none' }, ['unsigned']],
  ['id-jag', {}, { alg: 'HS256' }, ['shared-secret']],
  ['id-token', { client_id: undefined }, { alg: 'HS512' }, ['shared-secret']],
  ['client-assertion', {}, { alg: 'HS256' }, []],
  // Something is missing.
  ['id-jag', { jti: undefined }, {}, ['no-jti']],
  ['id-token', { jti: undefined, client_id: undefined }, {}, []],
  // For several.
  ['id-jag', { aud: ['a', 'b'] }, {}, ['audience-list']],
  ['id-jag', { aud: ['a'] }, {}, ['audience-list']],
  ['access-token', { aud: ['a', 'b'] }, {}, ['several-audiences']],
  ['access-token', { aud: ['a'] }, {}, []],
  // Longer than it should, with both edges.
  ['id-jag', { exp: NOW + 301 }, {}, ['lifetime']],
  ['access-token', { exp: NOW + 3600 }, {}, []],
  ['access-token', { exp: NOW + 3601 }, {}, ['long-life']],
  ['access-token', { exp: NOW }, {}, ['expired']],
  ['access-token', { exp: NOW + 1 }, {}, []],
])('finds in %s with %j and %j: %j', (kind, change, inHeader, found) => {
  expect(lint(kind, change, inHeader)).toEqual(found)
})
