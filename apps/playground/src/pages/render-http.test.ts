import { execFileSync } from 'node:child_process'

import { redactRequest } from '@crosswalk/lab'
import { expect, it } from 'vitest'

import { renderCurl, renderRequestText } from './render-http.ts'

const request = redactRequest({
  method: 'POST',
  url: 'https://as.example/token?x=1',
  headers: {
    authorization: 'Basic c2VjcmV0',
    accept: 'application/json',
    'user-agent': 'crosswalk-playground',
  },
  form: new URLSearchParams({ assertion: 'eyJ.secret', scope: "it's $HOME & `id`" }),
})

it('renders a request as sent, with secrets masked', () => {
  expect(renderRequestText(request).replaceAll(/#[0-9a-f]{8}/g, '#…')).toBe(
    [
      'POST /token?x=1 HTTP/1.1',
      'host: as.example',
      'authorization: Basic [8 characters, #…]',
      'accept: application/json',
      'user-agent: crosswalk-playground',
      '',
      'assertion=[10 characters, #…]',
      '&scope=it%27s+%24HOME+%26+%60id%60',
    ].join('\n'),
  )
})

it('renders a safe shell command: secrets from the environment, and nothing else expanded', () => {
  const command = renderCurl(request).replace(/^curl/, String.raw`printf '%s\n'`)
  const env = { CLIENT_ID: 'me', CLIENT_SECRET: 'my secret', ASSERTION: 'my token', HOME: '/nowhere' }
  expect(execFileSync('/bin/sh', ['-c', command], { env, encoding: 'utf8' }).trimEnd().split('\n')).toEqual([
    ...['-sS', '-X', 'POST', 'https://as.example/token?x=1'],
    ...['-u', 'me:my secret', '-H', 'accept: application/json'],
    ...['--data-urlencode', 'assertion=my token', '--data-urlencode', "scope=it's $HOME & `id`"],
  ])
})

it('uses different variables for the tokens of administrator and app', () => {
  const call = (url: string) =>
    renderCurl(
      redactRequest({ method: 'POST', url, headers: { authorization: 'Bearer x' }, json: { a: "'" } }),
    )
  expect(call('http://127.0.0.1:4000/admin/api/v1/connections/c/suspend')).toContain('$CROSSWALK_ADMIN_TOKEN')
  expect(call('https://api.example/mcp')).toContain('$ACCESS_TOKEN')
})
