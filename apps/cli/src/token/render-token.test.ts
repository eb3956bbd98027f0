import { expect, it } from 'vitest'

import { renderMembers } from './render-token.ts'

it('aligns values behind names of up to 32 characters', () => {
  const [long, longer] = ['a'.repeat(32), 'a'.repeat(50_000)]
  expect(renderMembers({ iss: 'x', [long]: 'y' }, 0)).toEqual([`  ${'iss'.padEnd(32)}  x`, `  ${long}  y`])
  expect(renderMembers({ iss: 'x', [longer]: 'y' }, 0)).toEqual([
    `  ${'iss'.padEnd(32)}  x`,
    `  ${longer}  y`,
  ])
})

it('renders more members than a call may have arguments', () => {
  const members = Object.fromEntries(Array.from({ length: 200_000 }, (_, index) => [`m${index}`, 1]))
  expect(renderMembers(members, 0)).toHaveLength(200_000)
})
