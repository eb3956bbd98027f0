import { expect, it } from 'vitest'

import { readAccounts } from './read-accounts.ts'

it('reads CSV with a header line and quoted cells, and omits empty cells', () => {
  const text =
    '\uFEFFownId,name,email,emailVerified\r\nu-1,"Chen, ""Al""\nice",a@b.test,true\nu-2,,,\n\nu-3,x,,false'
  expect(readAccounts(text)).toEqual([
    { ownId: 'u-1', name: 'Chen, "Al"\nice', email: 'a@b.test', emailVerified: true },
    { ownId: 'u-2' },
    { ownId: 'u-3', name: 'x', emailVerified: false },
  ])
})

it('reads one JSON object per line', () => {
  expect(readAccounts('{"ownId":"1"}\n\n{"ownId":"2"}\n')).toEqual([{ ownId: '1' }, { ownId: '2' }])
})

it.each([
  ['{"ownId":"1"}\n[]', 'line 2 is not a JSON object'],
  ['ownId,name\nu-1', 'line 2 has 1 cells, but the header has 2'],
  ['ownId\n"a"b', 'line 2 has a quote in the wrong place'],
])('rejects %j and names the line', (text, problem) => {
  expect(() => readAccounts(text)).toThrow(problem)
})
