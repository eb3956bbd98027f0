// External ids and scopes stay single words of the command.
import { expect, it } from 'vitest'

import { buildCommand } from './build-command.ts'

const parties = (app: string, clientId: string, scopes: string[]) =>
  ({
    connection: { clientId, resources: ['https://todo0.test/mcp'], scopes },
    app: { id: app, name: app, redirectUris: ['http://127.0.0.1:8765/callback'] },
    resourceApp: { issuer: 'https://as.todo0.test' },
  }) as unknown as Parameters<typeof buildCommand>[0]

it('does not quote plain ids', () => {
  expect(
    buildCommand(parties('agent0', 'agent0-at-todo0', ['todos.read']), { idp: 'https://idp.acme.test' }),
  ).toBe(
    [
      'npx crosswalk flow run --sign-in --redirect-uri http://127.0.0.1:8765/callback',
      '--idp https://idp.acme.test --client-id agent0',
      '--as https://as.todo0.test --as-client-id agent0-at-todo0',
      '--resource https://todo0.test/mcp',
      '--scope todos.read',
    ].join(' \\\n  '),
  )
})

it.each([
  ['signs in with the redirect URI that the command assumes', ['https://agent0.test/callback'], '--sign-in'],
  ['takes an ID token if the app has no redirect URI', [], '--id-token ID_TOKEN_FILE'],
])('%s', (_, redirectUris, option) => {
  const agent = parties('agent0', 'agent0-at-todo0', [])
  const command = buildCommand(
    { ...agent, app: { ...agent.app, redirectUris } },
    { idp: 'https://idp.acme.test' },
  )
  expect(command.split(' \\')[0]).toBe(`npx crosswalk flow run ${option}`)
})

it('quotes shell metacharacters', () => {
  const command = buildCommand(parties('Night Planner', '$(id)', ['a', 'b`c`']), {
    idp: 'https://idp.acme.test',
    inBody: true,
  })
  expect(command).toContain("--client-id 'Night Planner'")
  expect(command).toContain("--as-client-id '$(id)' --as-secret-post")
  expect(command).toContain("--scope 'a b`c`'")
})
