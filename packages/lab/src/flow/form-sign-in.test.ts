import { expect, test } from 'vitest'

import type { Exchange, GuardedSender, HttpRequest } from '../http/guarded-sender.ts'
import { signInByForm } from './form-sign-in.ts'

const START = 'http://127.0.0.1:4000/auth?x=1'
const user = { username: 'alice', password: 'secret', redirectUri: 'http://127.0.0.1:4004/callback' }

/** Responds to each request with the next reply, and records what was sent. */
function play(replies: readonly Partial<Exchange>[]) {
  const sent: HttpRequest[] = []
  const rest = [...replies]
  const sender: GuardedSender = {
    send: async (request) => {
      sent.push(request)
      return { request, status: 200, headers: {}, cookies: [], text: '', ms: 1, ...rest.shift() }
    },
    close: async () => undefined,
  }
  return { sender, sent }
}

const form = (action: string) => ({
  text: `<form action="${action}"><input name="username"><input name="password"><input name="csrf" value="a&amp;quot;b"></form>`,
  cookies: ['sid=1; Path=/'],
})
const to = (location: string) => ({ status: 303, headers: { location } })

test('fills in the form, keeps cookies, and stops when the app would be reached', async () => {
  const { sender, sent } = play([to('/login'), form('/login'), to(`${user.redirectUri}?code=c`)])
  expect((await signInByForm(sender, START, user)).search).toBe('?code=c')
  expect(sent.map(({ method, url }) => `${method} ${url}`)).toEqual([
    `GET ${START}`,
    'GET http://127.0.0.1:4000/login',
    'POST http://127.0.0.1:4000/login',
  ])
  expect(sent[2]?.headers?.cookie).toBe('sid=1')
  expect(Object.fromEntries(sent[2]?.form ?? [])).toEqual({
    username: 'alice',
    password: 'secret',
    csrf: 'a&quot;b',
  })
})

test.each([
  ['a form with a foreign target', [form('http://127.0.0.1:6666/steal')]],
  ['a redirect elsewhere', [to('http://127.0.0.1:6666/steal')]],
  ['a form that is shown again', [form('/login'), form('/login')]],
  ['a page without a form', [{ text: 'down for maintenance' }]],
])('gives up at %s, and sends nothing there', async (_, replies) => {
  const { sender, sent } = play(replies)
  await expect(signInByForm(sender, START, user)).rejects.toMatchObject({ kind: 'signIn' })
  expect(sent.every(({ url }) => url.startsWith('http://127.0.0.1:4000/'))).toBe(true)
})
