// Why a response is not opened, before any signature counts.
import { expect, it } from 'vitest'

import { openResponse, type ResponseRefusal } from './open-response.ts'

const PROTOCOL = 'urn:oasis:names:tc:SAML:2.0:protocol'
const codeOf = (name: string, inner = '') =>
  `<p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:${name}">${inner}</p:StatusCode>`
const status = (name: string, inner = '') => `<p:Status>${codeOf(name, inner)}</p:Status>`
const respond = (content: string, { version = '2.0', namespace = PROTOCOL } = {}) =>
  openResponse(`<p:Response xmlns:p="${namespace}" Version="${version}">${content}</p:Response>`, [])
const assertion = (more = '') =>
  `<Assertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion" ID="_a">${more}</Assertion>`

it.each<[string, ReturnType<typeof openResponse>, ResponseRefusal]>([
  [
    'another version',
    respond(status('Success'), { version: '2.1' }),
    { reason: 'failed', detail: 'not a SAML 2.0 response' },
  ],
  [
    'another namespace',
    respond(status('Success'), { namespace: 'urn:oasis:names:tc:SAML:1.0:protocol' }),
    { reason: 'failed', detail: 'not a SAML 2.0 response' },
  ],
  ['no status', respond(''), { reason: 'declined', error: 'no status' }],
  ['an empty status', respond('<p:Status/>'), { reason: 'declined', error: 'no status' }],
  [
    'a failure',
    respond(status('Responder')),
    { reason: 'declined', error: 'urn:oasis:names:tc:SAML:2.0:status:Responder' },
  ],
  [
    'a failure with a more specific code',
    respond(status('Responder', codeOf('AuthnFailed'))),
    { reason: 'declined', error: 'urn:oasis:names:tc:SAML:2.0:status:AuthnFailed' },
  ],
  [
    'a failure that contains a success',
    respond(status('Responder', codeOf('Success')) + assertion()),
    { reason: 'declined', error: 'urn:oasis:names:tc:SAML:2.0:status:Success' },
  ],
  ['no assertion', respond(status('Success')), { reason: 'failed', detail: 'no assertion' }],
  [
    'two assertions',
    respond(status('Success') + assertion() + assertion()),
    { reason: 'failed', detail: 'several assertions' },
  ],
  [
    'an assertion in an extension',
    respond(`${status('Success')}<p:Extensions>${assertion()}</p:Extensions>`),
    { reason: 'failed', detail: 'an assertion that is not directly below the response' },
  ],
  [
    'an unsigned assertion',
    respond(status('Success') + assertion()),
    { reason: 'failed', detail: 'no signature' },
  ],
])('a response with %s is refused', (_, opened, refusal) => {
  expect(opened).toEqual({ accepted: false, refusal })
})
