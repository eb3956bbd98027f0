import { describe, expect, test } from 'vitest'

import { SAML_TRANSIENT } from './saml-assertion.ts'
import { parseSubId, renderSubIdKey } from './sub-id.ts'

const subId = { format: 'saml-nameid', issuer: 'https://saml.test', nameid: 'alice' } as const
const full = {
  ...subId,
  nameid_format: 'f',
  name_qualifier: 'q',
  sp_name_qualifier: 's',
  sp_provided_id: 'p',
}

describe('SAML-07: sub_id', () => {
  test('is parsed with all its members, without unknown ones', () => {
    expect(parseSubId(subId)).toEqual({ accepted: true, value: subId })
    expect(parseSubId({ ...full, further: 1 })).toEqual({ accepted: true, value: full })
  })

  test.each<[unknown, string]>([
    [undefined, 'no sub_id claim'],
    [null, 'a sub_id that is not an object'],
    ['alice', 'a sub_id that is not an object'],
    [[subId], 'a sub_id that is not an object'],
    [{ ...subId, format: 'email' }, 'a sub_id of an unknown format'],
    [{ ...subId, format: 'saml_nameid' }, 'a sub_id of an unknown format'],
    [{ ...subId, issuer: undefined }, 'a sub_id without issuer or nameid'],
    [{ ...subId, nameid: '' }, 'a sub_id without issuer or nameid'],
    [{ ...subId, nameid: 7 }, 'a sub_id without issuer or nameid'],
    [{ ...subId, name_qualifier: null }, 'a sub_id with a malformed member'],
    [{ ...subId, sp_provided_id: '' }, 'a sub_id with a malformed member'],
    [{ ...subId, nameid_format: SAML_TRANSIENT }, 'a sub_id of transient format'],
  ])('SAML-09: %j is refused', (value, refusal) => {
    expect(parseSubId(value)).toEqual({ accepted: false, refusal })
  })
})

test('SAML-08: every member changes the key, and an absent one differs from all others', () => {
  const others = Object.keys(full).flatMap((name) => [
    { ...full, [name]: `${full[name as keyof typeof full]}x` },
    ...(name in subId ? [] : [{ ...full, [name]: undefined }]),
  ])
  const keys = [full, ...others].map((one) => renderSubIdKey(one as typeof full))
  expect(new Set(keys).size).toBe(keys.length)
  expect(renderSubIdKey({ ...full })).toBe(renderSubIdKey(full))
})
