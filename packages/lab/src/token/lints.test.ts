import { expect, it } from 'vitest'

import type { DecodedToken, TokenKind } from './decode-token.ts'
import { lintToken } from './lints.ts'

const NOW = 1_772_445_600
const parties = { iss: 'https://a.example', sub: 'u', aud: 'https://b.example', client_id: 'c', jti: 'j' }
const claims = { ...parties, iat: NOW, exp: NOW + 300 }
const header = { alg: 'ES256', kid: 'k' }

/** @returns the ids of the findings */
function lint(kind: TokenKind, change: Record<string, unknown> = {}, inHeader: Record<string, unknown> = {}) {
  const token: DecodedToken = { kind, header: { ...header, ...inHeader }, claims: { ...claims, ...change } }
  return lintToken(token, NOW).map(({ id }) => id)
}

it.each<[TokenKind, Record<string, unknown>, Record<string, unknown>, string[]]>([
  ['id-jag', {}, {}, []],
  ['access-token', {}, {}, []],
  ['id-token', { client_id: undefined }, {}, []],
  // The declared type differs from the actual one.
  ['jwt', {}, { typ: 'JWT' }, ['wrong-typ']],
  ['id-token', { auth_time: NOW }, {}, ['wrong-typ']],
  ['jwt', { client_id: undefined }, { typ: 'JWT' }, []],
  // Not signed with a single party's key.
  ['id-jag', {}, { alg: 'none' }, ['unsigned']],
  ['id-jag', {}, { alg: 'HS256' }, ['shared-secret']],
  ['id-token', { client_id: undefined }, { alg: 'HS512' }, ['shared-secret']],
  ['client-assertion', {}, { alg: 'HS256' }, []],
  // A required member is missing.
  ['id-jag', { jti: undefined }, {}, ['no-jti']],
  ['id-token', { jti: undefined, client_id: undefined }, {}, []],
  // For several audiences.
  ['id-jag', { aud: ['a', 'b'] }, {}, ['audience-list']],
  ['id-jag', { aud: ['a'] }, {}, ['audience-list']],
  ['access-token', { aud: ['a', 'b'] }, {}, ['several-audiences']],
  ['access-token', { aud: ['a'] }, {}, []],
  // Too long-lived, with both edges.
  ['id-jag', { exp: NOW + 301 }, {}, ['lifetime']],
  ['access-token', { exp: NOW + 3600 }, {}, []],
  ['access-token', { exp: NOW + 3601 }, {}, ['long-life']],
  ['access-token', { exp: NOW }, {}, ['expired']],
  ['access-token', { exp: NOW + 1 }, {}, []],
])('finds in %s with %j and %j: %j', (kind, change, inHeader, found) => {
  expect(lint(kind, change, inHeader)).toEqual(found)
})
