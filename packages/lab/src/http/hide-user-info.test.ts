import { expect, it } from 'vitest'

import { hideUserInfo } from './hide-user-info.ts'

it.each([
  ['https://bob:s3cret@idp.example:4000/a', 'https://…@idp.example:4000/a'],
  ['https://s3cret@idp.example', 'https://…@idp.example'],
  ['https://bob:s3@cret@idp.example', 'https://…@idp.example'],
  [
    'no URL, as its password has a slash: https://bob:s3/cret@idp.example',
    'no URL, as its password has a slash: https://…@idp.example',
  ],
  [
    'https://b:s3cret@a.example/ → 404; https://b:s3cret@a.example/b',
    'https://…@a.example/ → 404; https://…@a.example/b',
  ],
  ['https://social.example/@bob?to=@ada#@eve', 'https://social.example/@bob?to=@ada#@eve'],
  ['bob@corp.example at https://idp.example', 'bob@corp.example at https://idp.example'],
  ['no URL: //idp.example', 'no URL: //idp.example'],
])('%s', (text, shown) => {
  expect(hideUserInfo(text)).toBe(shown)
})
