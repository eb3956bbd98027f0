// Bodies that clients drip: none of them takes a place among the requests in progress before it is complete.
import { once } from 'node:events'
import { connect } from 'node:net'

import { afterAll, beforeAll, expect, it } from 'vitest'

import { company } from '../support/company.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ file: (baseUrl) => company(baseUrl) })
})
afterAll(() => server.stop())

/** Sends a request without the last byte of its body. @returns the status */
async function begin(target: string): Promise<string | undefined> {
  const socket = connect(server.running.port, '127.0.0.1')
  socket.write(
    `POST ${target} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 4\r\n\r\na=b`,
  )
  const [answer] = (await once(socket, 'data')) as [Buffer]
  socket.destroy()
  return answer.toString().split(' ')[1]
}

it.each([
  ['/admin/api/v1/configuration/plan', '401'],
  ['/scim/v2/Users', '404'],
  ['/scim/v2/../../token', '404'],
  ['/admin/api/v1/../../../authorize', '404'],
  ['/admin/api/v1/%2e%2e/../../as/vendor/token', '404'],
])('the server answers %s with %s before the body is complete', async (target, status) => {
  expect(await begin(target)).toBe(status)
})
