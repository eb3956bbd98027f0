// What a server says of itself once it runs: addresses that can be opened as they are printed.
import { expect, it } from 'vitest'

import { parseConfiguration } from './config/load-configuration.ts'
import { describeRoles } from './run-server.ts'

it.each([
  ['127.0.0.1', '127.0.0.1'],
  ['localhost', 'localhost'],
  ['::1', '[::1]'],
])('listening on %s', (host, shown) => {
  const listen = (port: number) => `{ host: "${host}", port: ${port} }`
  const text = `baseUrl: http://127.0.0.1:4000\nlisten: ${listen(4000)}\nidp: {}\nmetrics: { listen: ${listen(4002)} }\n`
  const { configuration, problems } = parseConfiguration(text, 'x.yaml', {})
  if (configuration === undefined) throw new Error(JSON.stringify(problems))
  expect(describeRoles(configuration, 4001)).toEqual([
    `identity provider     http://127.0.0.1:4000  listening on http://${shown}:4001`,
    `metrics               http://${shown}:4002/metrics`,
  ])
})
