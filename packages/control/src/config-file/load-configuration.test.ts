// Each mistake alone yields exactly its problem, at its line; all together yield all of them.
import { readFileSync } from 'node:fs'

import { describe, expect, it } from 'vitest'

import { parseConfiguration } from './load-configuration.ts'

const example = readFileSync(
  new URL('../../../../apps/server/crosswalk.example.yaml', import.meta.url),
  'utf8',
)
const environment = {
  CROSSWALK_ADMIN_TOKEN: 'an-admin-token-of-at-least-32-characters',
  ALICE_PASSWORD: 'correct horse',
  BOB_PASSWORD: 'battery staple',
  AGENT0_SECRET: 'secret-of-agent0-at-the-idp',
  AGENT0_AT_TODO0_SECRET: 'secret-of-agent0-at-todo0',
  TODO0_API_SECRET: 'secret-of-the-api-of-todo0',
}

interface Mistake {
  readonly title: string
  /** Text that occurs once in the example, and its replacement */
  readonly change: readonly [string, string]
  /** Text on the line that the problem must report, after the change; its last occurrence counts */
  readonly at: string
  readonly what: string | RegExp
  readonly fix?: string | RegExp
  readonly severity?: 'warning'
}

function lineOf(text: string, marker: string): number {
  const offset = text.lastIndexOf(marker)
  expect(offset, `marker ${marker}`).toBeGreaterThanOrEqual(0)
  return text.slice(0, offset).split('\n').length
}

function change(text: string, [from, to]: readonly [string, string]): string {
  expect(text.split(from).length, `one ${from}`).toBe(2)
  return text.replace(from, () => to)
}

const UPSTREAM =
  "  upstream: [{ id: corp, type: oidc, issuer: 'https://login.corp.test', clientId: c, clientSecret: s }]\n"
const SAML_UPSTREAM =
  "  upstream: [{ id: corp, type: saml, entityId: urn:corp, signInUrl: 'https://login.corp.test/sso', certificates: [x] }]\n"
const USER_BOB = '    - id: usr_bob\n'
const BEFORE_CONNECTIONS = '  connections:\n    - id: agent0-todo0\n'
const GRANTED = '      resources: [http://127.0.0.1:4001/mcp]\n      scopes: [todos.read, todos.write]\n'
const APPROVED = 'scope: todos.write, by: ada, at: 2026-01-01T00:00:00Z'
const CONNECTION_WINDOW = '      notBefore: 2026-01-01T00:00:00Z\n'

const SHAPE: readonly Mistake[] = [
  {
    title: 'an unknown key',
    change: ['clockSkewSeconds: 30', 'clockSkewSecond: 30'],
    at: 'clockSkewSecond:',
    what: 'unknown key `clockSkewSecond`',
    fix: 'did you mean `clockSkewSeconds`?',
  },
  {
    title: 'an unknown key in a list',
    change: ['      name: Bob Okafor', '      fullname: Bob Okafor'],
    at: 'fullname',
    what: 'unknown key `fullname` in idp.users[1]',
    fix: /known here: id, username/,
  },
  {
    title: 'a missing key',
    change: ['baseUrl: http://127.0.0.1:4000\nlisten', 'listen'],
    at: 'listen:',
    what: 'baseUrl is missing',
    fix: /^add `baseUrl:`\. Public origin/,
  },
  {
    title: 'a missing key of an object',
    change: ['      username: bob\n', ''],
    at: 'id: usr_bob',
    what: 'idp.users[1].username is missing',
  },
  {
    title: 'an unknown choice',
    change: ['status: active', 'status: actve'],
    at: 'status:',
    what: 'idp.connections[0].status is "actve"',
    fix: /did you mean `active`/,
  },
  {
    title: 'text that is not a number',
    change: ['idTokenTtlSeconds: 600', 'idTokenTtlSeconds: ten minutes'],
    at: 'idTokenTtlSeconds',
    what: 'idp.idTokenTtlSeconds is "ten minutes"',
    fix: 'write a whole number',
  },
  {
    title: 'text that is not a boolean',
    change: [`${USER_BOB}`, `${USER_BOB}      active: "yes"\n`],
    at: 'active: "yes"',
    what: 'idp.users[1].active is "yes"',
    fix: 'write true or false',
  },
  {
    title: 'a list where text is meant',
    change: ['username: bob', 'username: [bob]'],
    at: 'username: [bob]',
    what: 'idp.users[1].username is a list',
    fix: 'write text',
  },
  {
    title: 'a number where text is meant',
    change: ['username: bob', 'username: 77'],
    at: 'username: 77',
    what: 'idp.users[1].username is 77',
    fix: /in quotes/,
  },
  {
    title: 'an unknown client authentication',
    change: [
      "{ method: client_secret_basic, secret: '${AGENT0_SECRET}' }",
      '{ method: client_secret_basics, secret: s }',
    ],
    at: 'client_secret_basics',
    what: 'idp.apps[0].auth.method is "client_secret_basics"',
    fix: /did you mean `client_secret_basic`/,
  },
  {
    title: 'a client secret that not every endpoint accepts',
    change: ["secret: '${AGENT0_SECRET}'", 'secret: geheimer Schlüssel'],
    at: 'geheimer',
    what: 'idp.apps[0].auth.secret is not valid (not shown because it is a secret)',
    fix: /printable ASCII/,
  },
  {
    title: 'private_key_jwt without keys',
    change: ["{ method: client_secret_basic, secret: '${AGENT0_SECRET}' }", '{ method: private_key_jwt }'],
    at: 'private_key_jwt',
    what: 'idp.apps[0].auth: needs exactly one of jwks and jwksUri',
  },
  {
    title: 'a private key where public ones are meant',
    change: [
      "{ method: client_secret_basic, secret: '${AGENT0_SECRET}' }",
      '{ method: private_key_jwt, jwks: { keys: [{ kty: EC, crv: P-256, x: x, y: y, d: PRIVATE-PART }] } }',
    ],
    at: 'PRIVATE-PART',
    what: 'idp.apps[0].auth.jwks.keys[0]: a public key, without private or symmetric members',
  },
  {
    title: 'idJagTtlSeconds above 300',
    change: ['idJagTtlSeconds: 300', 'idJagTtlSeconds: 301'],
    at: 'idJagTtlSeconds',
    what: 'idp.idJagTtlSeconds is 301',
    fix: 'write at most 300',
  },
  {
    title: 'idJagTtlSeconds below 1',
    change: ['idJagTtlSeconds: 300', 'idJagTtlSeconds: "0"'],
    at: 'idJagTtlSeconds',
    what: 'idp.idJagTtlSeconds is "0"',
    fix: 'write at least 1',
  },
  {
    title: 'an audit stream of events that do not exist',
    change: [
      'clockSkewSeconds: 30',
      "clockSkewSeconds: 30\naudit: { streams: [{ id: siem, type: file, path: /tmp/siem, types: ['idjag.*', idjag.nope] }] }",
    ],
    at: 'idjag.nope',
    what: 'audit.streams[0].types[1] is "idjag.nope"',
    fix: 'write an event type that exists, such as idjag.denied',
  },
  {
    title: 'clockSkewSeconds above 60',
    change: ['clockSkewSeconds: 30', 'clockSkewSeconds: 61'],
    at: 'clockSkewSeconds',
    what: 'clockSkewSeconds is 61',
    fix: 'write at most 60',
  },
  {
    title: 'a provider of keys without its settings',
    change: ['clockSkewSeconds: 30', 'clockSkewSeconds: 30\nkeys: { provider: awsKms }'],
    at: 'provider: awsKms',
    what: /its settings: `keys\.awsKms` is missing/,
  },
  {
    title: 'clockSkewSeconds below 0',
    change: ['clockSkewSeconds: 30', 'clockSkewSeconds: -1'],
    at: 'clockSkewSeconds',
    what: 'clockSkewSeconds is -1',
    fix: 'write at least 0',
  },
  {
    title: 'http on a public host',
    change: ['baseUrl: http://127.0.0.1:4000', 'baseUrl: http://idp.acme.test'],
    at: 'baseUrl',
    what: 'baseUrl is "http://idp.acme.test"',
    fix: /an origin/,
  },
  {
    title: 'a base URL with a path',
    change: ['baseUrl: http://127.0.0.1:4000', 'baseUrl: http://127.0.0.1:4000/'],
    at: 'baseUrl',
    what: 'baseUrl is "http://127.0.0.1:4000/"',
    fix: /without path/,
  },
  {
    title: 'an http issuer on a public host',
    change: ['      issuer: http://127.0.0.1:4000/as/todo0', '      issuer: http://todo.test/as'],
    at: 'issuer: http://todo.test',
    what: 'idp.resourceApps[0].issuer is "http://todo.test/as"',
    fix: /an issuer: https URL/,
  },
  {
    title: 'a database of an unknown kind',
    change: ['sqlite:./data/crosswalk.db', 'mysql://root@localhost/crosswalk'],
    at: 'database',
    what: 'database is "mysql://root@localhost/crosswalk"',
    fix: /^write sqlite:PATH/,
  },
  {
    title: 'a database at several hosts',
    change: ['sqlite:./data/crosswalk.db', 'postgres://node1:5432,node2:5432/crosswalk'],
    at: 'database',
    what: 'database is "postgres://node1:5432,node2:5432/crosswalk"',
    fix: /one host.*HAProxy/,
  },
  {
    title: 'a database that must be searched for',
    change: ['sqlite:./data/crosswalk.db', 'postgres://node1/crosswalk?target_session_attrs=read-write'],
    at: 'database',
    what: /^database is "postgres:/,
    fix: /no target_session_attrs/,
  },
  {
    title: 'a moment without offset',
    change: ['expiresAt: 2030-01-01T00:00:00Z', 'expiresAt: 2030-01-01T00:00:00'],
    at: 'expiresAt',
    what: 'idp.connections[0].expiresAt is "2030-01-01T00:00:00"',
    fix: /a moment with offset/,
  },
  {
    title: 'text that is not an e-mail address',
    change: ['bob@acme.test', 'bob at acme'],
    at: 'bob at acme',
    what: 'idp.users[1].email is "bob at acme"',
    fix: 'write an e-mail address',
  },
  {
    title: 'a variable that is not set',
    change: ['${BOB_PASSWORD}', '${BOBS_PASSWORD}'],
    at: 'BOBS_PASSWORD',
    what: 'the environment variable BOBS_PASSWORD is not set',
    fix: 'set BOBS_PASSWORD in the environment or in x.env, or BOBS_PASSWORD_FILE to a file that holds it',
  },
  {
    title: 'an unset variable that is not a secret',
    change: ['bob@acme.test', '${BOBS_ADDRESS}'],
    at: 'BOBS_ADDRESS',
    what: 'the environment variable BOBS_ADDRESS is not set',
    fix: 'set BOBS_ADDRESS in the environment or in x.env, or give a default: ${BOBS_ADDRESS:-…}',
  },
  {
    title: 'an unset password in the URL of a database',
    change: ['sqlite:./data/crosswalk.db', 'postgres://crosswalk:${DB_PASSWORD}@127.0.0.1/crosswalk'],
    at: 'DB_PASSWORD',
    what: 'the environment variable DB_PASSWORD is not set',
    fix: 'set DB_PASSWORD in the environment or in x.env, or DB_PASSWORD_FILE to a file that holds it',
  },
  {
    title: 'an unset variable where a number is meant',
    change: ['${CROSSWALK_PORT:-4000}', '${PORT}'],
    at: '${PORT}',
    what: 'the environment variable PORT is not set',
  },
  {
    title: 'a malformed reference',
    change: ['${BOB_PASSWORD}', '${BOB-PASSWORD}'],
    at: 'BOB-PASSWORD',
    what: /begins no variable reference/,
  },
  {
    title: 'the same key twice',
    change: ['clockSkewSeconds: 30', 'clockSkewSeconds: 30\nbaseUrl: http://127.0.0.1:4000'],
    at: 'baseUrl',
    what: 'the same key twice in one map',
  },
  {
    title: 'a SAML identity provider with an invalid certificate',
    change: ['  idTokenTtlSeconds', `${SAML_UPSTREAM}  idTokenTtlSeconds`],
    at: 'upstream',
    what: 'the certificate is not a PEM certificate',
    fix: /signing certificate in PEM/,
  },
  {
    title: 'an upstream over http',
    change: ['  idTokenTtlSeconds', `${UPSTREAM.replace('https', 'http')}  idTokenTtlSeconds`],
    at: 'upstream',
    what: /issuer/,
  },
  {
    title: 'a public client that would sign users in without PKCE',
    change: [
      '  resourceApps:\n',
      '    - { id: cli0, name: C, kind: agent, auth: { method: none }, pkce: optional }\n  resourceApps:\n',
    ],
    at: 'cli0',
    what: 'app cli0 is a public client, for which PKCE is never optional',
    fix: 'remove `pkce`, or give the app credentials in `auth`',
  },
  {
    title: 'no way to sign in',
    change: ['  idTokenTtlSeconds', '  passwordSignIn: false\n  idTokenTtlSeconds'],
    at: 'passwordSignIn',
    what: 'without passwords and `upstream`, users cannot sign in',
  },
  {
    title: 'a schema with an external reference',
    change: [
      '    accessTokenTtlSeconds: 600',
      '    authorizationDetailsTypes:\n      - { type: payment, schema: { $ref: "https://vendor.test/s.json" } }',
    ],
    at: 'schema:',
    what: 'the schema of payment cannot be used: $ref https://vendor.test/s.json points outside the schema; write #/$defs/…',
    fix: 'write a self-contained JSON Schema (2020-12), with references only to its own `$defs`',
  },
]

const PROXIES: readonly (readonly [trustedProxies: string, what: string | undefined])[] = [
  ['["10.0.0.0/8", "2001:db8::1", "::ffff:10.0.0.1"]', undefined],
  ['["10.0.0.1/8"]', '10.0.0.1/8 has bits set beyond its prefix'],
  ['["proxy.acme.test"]', '"proxy.acme.test" is not an address range'],
  ['["0.0.0.0/0"]', '0.0.0.0/0 trusts every peer to state where a request came from'],
  ['["::/0"]', '::/0 trusts every peer to state where a request came from'],
]

const MEANING: readonly Mistake[] = [
  {
    title: 'an ID-JAG algorithm that the local server does not accept',
    change: ['        tenant: acme\n', '        tenant: acme\n        algorithms: [RS256, PS256]\n'],
    at: 'algorithms: [RS256',
    what: 'the IdP signs ID-JAGs with ES256, which is not among the algorithms accepted from it',
    fix: 'add ES256, or change idp.signing.idJag',
  },
  {
    title: 'a duplicate user id',
    change: ['  apps:\n', '    - { id: usr_bob, username: robert, password: pw }\n  apps:\n'],
    at: 'id: usr_bob',
    what: 'the id in idp.users usr_bob is already used on line 21',
  },
  ...['crosswalk-console', 'crosswalk-own-access'].map((id): Mistake => ({
    title: `the id of a page of our own, ${id}`,
    change: [
      '  resourceApps:\n',
      `    - { id: ${id}, name: X, kind: web, auth: { method: none } }\n  resourceApps:\n`,
    ],
    at: `id: ${id}`,
    what: /^the id crosswalk-[a-z-]+ is reserved/,
  })),
  ...['admin', 'system', 'tok_1', 'scim:okta', 'upstream:corp'].map((id): Mistake => ({
    title: `a user with the id of another author in records, ${id}`,
    change: ['  apps:\n', `    - { id: '${id}', username: robert, password: pw }\n  apps:\n`],
    at: `id: '${id}'`,
    what: /^the id [a-z_:1]+ is reserved/,
  })),
  {
    title: 'a duplicate username, ignoring case',
    change: ['username: bob', 'username: Alice'],
    at: 'username: Alice',
    what: 'the username alice is already used on line 14',
  },
  {
    title: 'a username that looks like another',
    change: ['username: bob', 'username: "\uff41lice "'],
    at: 'username: "',
    what: 'the username alice is already used on line 14',
  },
  {
    title: 'a duplicate e-mail address, ignoring case',
    change: ['bob@acme.test', 'Alice@acme.test'],
    at: 'Alice@acme.test',
    what: /the e-mail address alice@acme.test is already used/,
  },
  {
    title: "a user's address as username",
    change: ['username: bob', 'username: alice@acme.test'],
    at: 'username: alice@acme.test',
    what: /is the e-mail address of user usr_alice/,
  },
  {
    title: 'a duplicate client id',
    change: ['id: todo0-api', 'id: agent0-at-todo0'],
    at: '- id: agent0-at-todo0',
    what: /the client id agent0-at-todo0 is already used/,
  },
  {
    title: 'a role for a user of another place',
    change: [
      '  token: ${CROSSWALK_ADMIN_TOKEN}\n',
      '  token: ${CROSSWALK_ADMIN_TOKEN}\n  roles: { auditor: { users: [usr_scim] } }\n',
    ],
    at: 'usr_scim',
    what: 'usr_scim: no such user in this file',
    fix: 'define user usr_scim here, or list a group of theirs under `groups`',
  },
  {
    title: 'a second factor where no user signs in to the console',
    change: [
      '  token: ${CROSSWALK_ADMIN_TOKEN}\n',
      '  token: ${CROSSWALK_ADMIN_TOKEN}\n  secondFactor: true\n',
    ],
    at: 'secondFactor: true',
    what: /^it has no effect without `roles`/,
  },
  {
    title: 'an unknown app',
    change: ['app: agent0', 'app: agent1'],
    at: 'app: agent1',
    what: 'there is no app agent1',
    fix: 'did you mean `agent0`?',
  },
  {
    title: 'an unknown resource app',
    change: ['resourceApp: todo0', 'resourceApp: payroll'],
    at: 'resourceApp:',
    what: 'there is no resource app payroll',
    fix: /define resource app payroll; known here: todo0/,
  },
  {
    title: 'a resource the resource app does not have',
    change: ['resources: [http://127.0.0.1:4001/mcp]', 'resources: [http://127.0.0.1:4001/mpc]'],
    at: '/mpc',
    what: 'http://127.0.0.1:4001/mpc is not a resource of resource app todo0',
    fix: 'did you mean `http://127.0.0.1:4001/mcp`?',
  },
  {
    title: 'a scope outside the catalogue',
    change: [
      'scopes: [todos.read, todos.write]\n      assignments: { groups: [engineering] }\n      status',
      'scopes: [todos.read, todos.admin]\n      assignments: { groups: [engineering] }\n      status',
    ],
    at: 'todos.admin',
    what: 'todos.admin is not a scope of the resources of this connection',
  },
  {
    title: 'a second connection of the same pair',
    change: [
      'authorizationServers:',
      '    - { id: again, app: agent0, resourceApp: todo0 }\nauthorizationServers:',
    ],
    at: 'id: again',
    what: 'connection again connects agent0 to todo0, as connection agent0-todo0 does',
    fix: /merge .* policy/,
  },
  {
    title: 'an active connection without client id',
    change: ['      clientId: agent0-at-todo0\n', ''],
    at: 'status: active',
    what: 'connection agent0-todo0 is active without a clientId',
  },
  {
    title: 'an active connection that grants nothing',
    change: [GRANTED, ''],
    at: 'status: active',
    what: 'connection agent0-todo0 is active but grants nothing',
    fix: 'list `resources` and `scopes` of todo0 that it grants, or make it a draft',
  },
  {
    title: 'an unknown user in an assignment',
    change: ['users: [usr_bob]', 'users: [usr_bib]'],
    at: 'usr_bib',
    what: 'usr_bib is not a user',
    fix: 'did you mean `usr_bob`?',
  },
  {
    title: 'an unknown user in a group',
    change: ['  users:\n', '  groups:\n    - { id: night-shift, members: [usr_bob, usr_bib] }\n  users:\n'],
    at: 'night-shift',
    what: 'usr_bib is not a user',
    fix: 'did you mean `usr_bob`?',
  },
  {
    title: 'a resource behind one issuer in two resource apps',
    change: [
      '  connections:\n',
      '    - { id: other, name: O, tenant: acme, issuer: http://127.0.0.1:4000/as/todo0, resources: [{ id: http://127.0.0.1:4001/mcp }] }\n  connections:\n',
    ],
    at: 'id: other',
    what: /belongs to resource app todo0 already/,
  },
  {
    title: "an alias that is another's issuer",
    change: [
      '  connections:\n',
      '    - { id: other, name: O, issuer: https://other.test, aliases: [http://127.0.0.1:4000/as/todo0] }\n  connections:\n',
    ],
    at: 'id: other',
    what: /is also a name of resource app todo0/,
  },
  {
    title: "an alias that is another's alias",
    change: [
      '  connections:\n',
      '    - { id: other, name: O, issuer: https://other.test, aliases: ["urn:acme:todo0"] }\n  connections:\n',
    ],
    at: 'id: other',
    what: /alias urn:acme:todo0 is also a name of resource app/,
  },
  {
    title: 'a resource app behind the IdP itself',
    change: ['      issuer: http://127.0.0.1:4000/as/todo0', '      issuer: http://127.0.0.1:4000'],
    at: '  issuer: http://127.0.0.1:4000\n      aliases',
    what: 'http://127.0.0.1:4000 is the issuer of the IdP itself',
  },
  {
    title: 'an authorization server with the issuer of the IdP',
    change: ['  - id: todo0\n    trusted', '  - id: todo0\n    issuer: http://127.0.0.1:4000\n    trusted'],
    at: 'issuer: http://127.0.0.1:4000\n    trusted',
    what: /is already the issuer of the IdP/,
  },
  {
    title: 'an authorization server that trusts itself',
    change: ['- issuer: http://127.0.0.1:4000\n', '- issuer: http://127.0.0.1:4000/as/todo0\n'],
    at: '- issuer',
    what: 'the authorization server would trust itself',
  },
  {
    title: 'two authorization servers with one id',
    change: [
      'clockSkewSeconds: 30',
      '  - { id: todo0, issuer: https://b.test, trustedIssuers: [{ issuer: https://c.test, provisioning: jit }] }',
    ],
    at: 'https://b.test',
    what: /the id in authorizationServers todo0 is already used/,
  },
  {
    title: 'two authorization servers with one issuer',
    change: [
      'clockSkewSeconds: 30',
      '  - { id: b, issuer: http://127.0.0.1:4000/as/todo0, trustedIssuers: [{ issuer: https://c.test, provisioning: jit }] }',
    ],
    at: 'id: b',
    what: /the issuer of authorizationServers .* is already used/,
  },
  {
    title: 'keys of a trusted issuer given twice',
    change: [
      '        tenant: acme\n        subject',
      '        jwks: { keys: [{ kty: EC }] }\n        jwksUri: https://acme.test/jwks\n        tenant: acme\n        subject',
    ],
    at: 'jwksUri',
    what: 'both jwks and jwksUri are given',
  },
  {
    title: 'a client that introspects for an unknown resource',
    change: ['introspects: [http://127.0.0.1:4001/mcp]', 'introspects: [http://127.0.0.1:4001/api]'],
    at: 'introspects',
    what: /is not a resource of this authorization server/,
  },
  {
    title: 'an end before the start',
    change: [CONNECTION_WINDOW, '      notBefore: 2030-01-01T00:00:00Z\n'],
    at: 'expiresAt',
    what: /is not after notBefore/,
  },
  {
    title: 'a time window without time zone',
    change: [
      'conditions: { maxAuthAgeSeconds: 43200',
      "conditions: { window: 'Mon-Fri 07:00-20:00', maxAuthAgeSeconds: 43200",
    ],
    at: 'conditions',
    what: '"Mon-Fri 07:00-20:00" is not a time window',
  },
  {
    title: 'a meaning for an unknown scope',
    change: [
      BEFORE_CONNECTIONS,
      `      scopeMeanings: { todos.wrote: { needsApproval: true } }\n${BEFORE_CONNECTIONS}`,
    ],
    at: 'scopeMeanings',
    what: 'todos.wrote is not a scope of any resource of resource app todo0',
    fix: /todos\.write/,
  },
  {
    title: 'an approval for an unknown connection',
    change: [
      BEFORE_CONNECTIONS,
      `  scopeApprovals: [{ connection: agent0-todo, ${APPROVED} }]\n${BEFORE_CONNECTIONS}`,
    ],
    at: 'scopeApprovals',
    what: 'there is no connection agent0-todo in this file',
    fix: /agent0-todo0/,
  },
  {
    title: 'an approval of another meaning',
    change: [
      BEFORE_CONNECTIONS,
      `      scopeMeanings: { todos.write: { needsApproval: true, tools: [add] } }
  scopeApprovals: [{ connection: agent0-todo0, ${APPROVED} }]
${BEFORE_CONNECTIONS}`,
    ],
    at: 'scopeApprovals',
    severity: 'warning',
    what: 'todos.write is held: its tools differ from what was approved',
    fix: /meaning: {"tools":\["add"\]}/,
  },
  {
    title: 'metrics on the address of the main listener',
    change: ['clockSkewSeconds: 30', 'metrics: { listen: { port: 4000 } }'],
    at: 'metrics',
    what: /where the server itself listens/,
  },
  {
    title: 'a redirect URI with fragment',
    change: ['4004/callback', '4004/callback#top'],
    at: '#top',
    what: /has a fragment/,
  },
  {
    title: 'a redirect URI that a browser would execute',
    change: ['http://127.0.0.1:4004/callback', "'javascript:alert(1)'"],
    at: 'javascript:',
    what: 'javascript:alert(1) does not lead to an app',
    fix: /https URL/,
  },
  {
    title: 'a redirect URI with a wildcard host',
    change: ['http://127.0.0.1:4004/callback', "'https://*.agent0.test/callback'"],
    at: 'agent0.test',
    what: 'https://*.agent0.test/callback has a wildcard host',
    fix: /exact URIs/,
  },
  {
    title: 'a redirect URI without TLS',
    change: ['http://127.0.0.1:4004/callback', 'http://agent0.test/callback'],
    at: 'http://agent0.test',
    what: 'http://agent0.test/callback is not encrypted',
    fix: /loopback addresses only/,
  },
  {
    title: 'a policy with an unknown clause',
    change: [
      '\nauthorizationServers:',
      '  policies:\n    - id: p\n      when: { app.kin: agent }\n      effect: deny\n\nauthorizationServers:',
    ],
    at: 'app.kin',
    what: 'there is no clause `app.kin`',
    fix: 'did you mean `app.kind`?',
  },
  {
    title: 'a policy with an impossible time window',
    change: [
      '\nauthorizationServers:',
      '  policies:\n    - id: p\n      when: { time.outside: "Mon-Fri 07:00-20:00 Europe/Berlin?" }\n      effect: deny\n\nauthorizationServers:',
    ],
    at: 'time.outside',
    what: /is not a time window/,
  },
  {
    title: 'a policy about a resource app that the file does not define',
    change: [
      '\nauthorizationServers:',
      '  policies:\n    - id: p\n      when: { resourceApp: todo, app: agent0 }\n      effect: deny\n\nauthorizationServers:',
    ],
    at: 'resourceApp: todo',
    severity: 'warning',
    what: 'policy p names resource app todo, which this file does not define',
    fix: 'did you mean `todo0`?',
  },
  {
    title: 'a policy about a scope that no resource has',
    change: [
      '\nauthorizationServers:',
      '  policies:\n    - id: p\n      when:\n        scope:\n          - todos.read\n          - delete-everything\n      effect: deny\n\nauthorizationServers:',
    ],
    at: 'delete-everything',
    severity: 'warning',
    what: 'policy p names scope delete-everything, which this file does not define',
    fix: /^check the spelling, unless .* console/,
  },
  {
    title: 'a requirement without a block',
    change: [
      '\nauthorizationServers:',
      '  policies:\n    - { id: p, effect: require }\n\nauthorizationServers:',
    ],
    at: 'id: p',
    what: /effect require needs a require block/,
  },
  {
    title: 'an authentication context that no sign-in reaches',
    change: ['conditions: { maxAuthAgeSeconds: 43200 }', 'conditions: { acr: [phr] }'],
    at: 'acr: [phr]',
    severity: 'warning',
    what: 'no sign-in here reaches phr, so every user is denied',
  },
  {
    title: 'a group without members',
    change: ['users: [usr_bob], groups: [engineering]', 'users: [usr_bob], groups: [enginering]'],
    at: 'enginering',
    severity: 'warning',
    what: 'enginering is not a group of any user',
    fix: 'did you mean `engineering`?',
  },
  {
    title: 'a user without password',
    change: ['      password: ${BOB_PASSWORD}\n', ''],
    at: 'id: usr_bob',
    severity: 'warning',
    what: 'user usr_bob has no password and cannot sign in',
  },
  {
    title: 'an authorization server that trusts no issuer',
    change: ['clockSkewSeconds: 30', '  - { id: lonely }'],
    at: 'lonely',
    severity: 'warning',
    what: /trusts no issuer/,
  },
  {
    title: 'a domain that signs in at two identity providers',
    change: [
      'idp:\n',
      `idp:
  upstream:
    - { id: corp, type: oidc, issuer: 'https://a.test', clientId: c, clientSecret: s, link: [email], domains: [acme.test] }
    - { id: more, type: oidc, issuer: 'https://b.test', clientId: c, clientSecret: s, link: [email], domains: [acme.test] }
`,
    ],
    at: 'id: more',
    what: /the domain in idp.upstream .*acme.test/,
  },
  {
    title: 'one of two identity providers without user matching',
    change: [
      'idp:\n',
      `idp:
  upstream:
    - { id: corp, type: oidc, issuer: 'https://a.test', clientId: c, clientSecret: s, link: [username], domains: [acme.test] }
    - { id: more, type: oidc, issuer: 'https://b.test', clientId: c, clientSecret: s }
`,
    ],
    at: 'id: more',
    what: /identity provider more has no `link`/,
  },
  {
    title: 'one of two identity providers without domains',
    change: [
      'idp:\n',
      `idp:
  upstream:
    - { id: corp, type: oidc, issuer: 'https://a.test', clientId: c, clientSecret: s, link: [email], domains: [acme.test] }
    - { id: more, type: oidc, issuer: 'https://b.test', clientId: c, clientSecret: s, link: [email] }
`,
    ],
    at: 'id: more',
    severity: 'warning',
    what: /identity provider more has no `domains`, so another provider can name its users/,
  },
  {
    title: 'two issuers that identify users by ids of the resource',
    change: [
      'clockSkewSeconds: 30',
      `  - id: shared
    trustedIssuers:
      - { issuer: 'https://a.test', subject: [aud_sub], provisioning: jit }
      - { issuer: 'https://b.test', subject: [iss_sub, aud_sub] }`,
    ],
    at: 'https://b.test',
    severity: 'warning',
    what: /https:\/\/b\.test finds users by `aud_sub`, as another issuer/,
  },
  {
    title: 'matching by e-mail without domains',
    change: ['        emailDomains: [acme.test]\n', ''],
    at: 'subject: [iss_sub',
    what: /matches no user/,
  },
  {
    title: 'a client id the local authorization server does not know',
    change: ['- id: agent0-at-todo0', '- id: agent0-at-todo'],
    at: 'clientId',
    severity: 'warning',
    what: /is not a client of authorization server todo0/,
  },
  {
    title: 'a slash after the issuer of a local authorization server',
    change: ['issuer: http://127.0.0.1:4000/as/todo0\n', 'issuer: http://127.0.0.1:4000/as/todo0/\n'],
    at: 'issuer: http://127.0.0.1:4000/as/todo0/',
    severity: 'warning',
    what: 'http://127.0.0.1:4000/as/todo0/ and the issuer http://127.0.0.1:4000/as/todo0 differ by a slash at the end',
    fix: 'did you mean `http://127.0.0.1:4000/as/todo0`?',
  },
  {
    title: 'the issuer of a local authorization server at another origin',
    change: ['issuer: http://127.0.0.1:4000/as/todo0\n', 'issuer: https://id.acme.test/as/todo0\n'],
    at: 'issuer: https://id.acme.test/as/todo0',
    severity: 'warning',
    what: 'https://id.acme.test/as/todo0 is another server, and no resource app uses authorization server todo0, whose issuer is http://127.0.0.1:4000/as/todo0',
    fix: 'did you mean `http://127.0.0.1:4000/as/todo0`?',
  },
  {
    title: 'a slash after the issuer of the local identity provider',
    change: ['- issuer: http://127.0.0.1:4000\n', '- issuer: http://127.0.0.1:4000/\n'],
    at: '- issuer: http://127.0.0.1:4000/',
    severity: 'warning',
    what: 'http://127.0.0.1:4000/ and the issuer http://127.0.0.1:4000 differ by a slash at the end',
    fix: 'did you mean `http://127.0.0.1:4000`?',
  },
]

describe('a file without mistakes', () => {
  it('becomes a configuration with defaults filled in and nothing to report', () => {
    const { configuration, problems } = parseConfiguration(example, 'x.yaml', environment)
    expect(problems).toEqual([])
    expect(configuration).toMatchObject({
      listen: { host: '127.0.0.1', port: 4000 },
      idp: { issuer: 'http://127.0.0.1:4000' },
      authorizationServers: [{ id: 'todo0', issuer: 'http://127.0.0.1:4000/as/todo0', replay: 'single-use' }],
      limits: {
        tokenRequestsPerMinutePerClient: 0,
        failedSignInsPerUserBeforeDelay: 10,
        requestsInProgress: 1000,
      },
    })
  })

  it('may be JSON, with numbers and booleans as text', () => {
    const text = JSON.stringify({
      baseUrl: 'http://127.0.0.1:1',
      listen: { port: '0' },
      clockSkewSeconds: '5',
    })
    const { configuration } = parseConfiguration(text, 'x.json', {})
    expect(configuration).toMatchObject({ listen: { port: 0 }, clockSkewSeconds: 5 })
  })

  it('keeps variable values as text, and `$${` as `${`', () => {
    const user = '{ id: u, username: "${NAME}", password: "a$${b}", active: "${ACTIVE:-true}" }'
    const text = `baseUrl: http://127.0.0.1:1\nidp: { users: [${user}] }\n`
    const { configuration } = parseConfiguration(text, 'x.yaml', { NAME: '0042', ACTIVE: '' })
    expect(configuration?.idp?.users[0]).toMatchObject({ username: '0042', password: 'a${b}', active: true })
  })

  it('accepts a database password that looks like several hosts', () => {
    const text =
      'baseUrl: http://127.0.0.1:1\ndatabase: postgres://u:a,b@node1:5432/crosswalk?sslmode=require\n'
    const said = parseConfiguration(text, 'x.yaml', {}).problems.map(({ what }) => what)
    expect(said.filter((what) => what.includes('database'))).toEqual([])
  })

  it('accepts variables without quotes in `{ }` and `[ ]`', () => {
    const user =
      '{ id: u, username: ${NAME}, password: ${PASSWORD:-a{b}, groups: [${GROUP:-x}, y], active: ${ON} }'
    const text = `baseUrl: http://127.0.0.1:1\nlisten: { port: ${'${PORT:-0}'} }\nidp: { users: [${user}] }\n`
    const { configuration, problems } = parseConfiguration(text, 'x.yaml', { NAME: 'a, b: {c}', ON: 'true' })
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(configuration?.listen.port).toBe(0)
    const read = { username: 'a, b: {c}', password: 'a{b', groups: ['x', 'y'], active: true }
    expect(configuration?.idp?.users[0]).toMatchObject(read)
  })
})

describe.each([
  ['shape', SHAPE],
  ['meaning', MEANING],
])('a single mistake in the %s', (_kind, mistakes) => {
  it.each(mistakes)('$title', (mistake) => {
    const text = change(example, mistake.change)
    const { configuration, problems } = parseConfiguration(text, 'x.yaml', environment)
    expect(problems).toHaveLength(1)
    const [problem] = problems
    expect(problem).toMatchObject({
      severity: mistake.severity ?? 'error',
      file: 'x.yaml',
      line: lineOf(text, mistake.at),
      what: typeof mistake.what === 'string' ? mistake.what : (expect.stringMatching(mistake.what) as string),
    })
    if (mistake.fix !== undefined) expect(problem?.fix).toMatch(mistake.fix)
    expect(configuration === undefined).toBe(mistake.severity !== 'warning')
  })
})

it('reports an unset variable once, with every line that uses it', () => {
  const text = `baseUrl: \${URL}
listen: { port: "\${PORT}" }
idp:
  issuer: \${URL}
  users: [{ id: u1, username: u1, name: "\${URL} \${URL}", password: "\${URL-}" }]
`
  expect(parseConfiguration(text, 'x.yaml', {}).problems.map(({ line, what }) => [line, what])).toEqual([
    [1, 'the environment variable URL is not set (also on lines 4, 5)'],
    [2, 'the environment variable PORT is not set'],
    [5, 'a `${` that begins no variable reference'],
  ])
})

describe('reverse proxies', () => {
  const parse = (baseUrl: string, listen: string, policies: string) =>
    parseConfiguration(
      `baseUrl: ${baseUrl}\nlisten: ${listen}\nidp:\n  policies:\n    - ${policies}\n`,
      'x.yaml',
      {},
    ).problems
  const policy = (when: string, state = 'enforced') =>
    `{ id: office, when: ${when}, effect: deny, state: ${state} }`
  const NETWORK = '{ network.outside: 10.0.0.0/8 }'

  it.each(PROXIES)('trustedProxies %s: %s', (trustedProxies, what) => {
    const problems = parse('https://idp.acme.test', `{ trustedProxies: ${trustedProxies} }`, policy(NETWORK))
    expect(problems.map((problem) => [problem.severity, problem.line, problem.what])).toEqual(
      what === undefined ? [] : [['error', 2, what]],
    )
  })

  it.each([
    [
      'a network condition behind https without a declared proxy',
      'https://idp.acme.test',
      policy(NETWORK),
      1,
    ],
    [
      'a report-only policy, too',
      'https://idp.acme.test',
      policy('{ network: 10.0.0.0/8 }', 'report-only'),
      1,
    ],
    ['not one that is off', 'https://idp.acme.test', policy(NETWORK, 'off'), 0],
    ['not one about something else', 'https://idp.acme.test', policy('{ app: agent0 }'), 0],
    ['not without https, where clients reach the server itself', 'http://127.0.0.1:4000', policy(NETWORK), 0],
  ])('warns of %s', (_, baseUrl, policies, count) => {
    const problems = parse(baseUrl, '{}', policies).filter(({ what }) => what.includes('proxy'))
    expect(problems).toHaveLength(count)
    for (const problem of problems)
      expect(problem).toMatchObject({
        severity: 'warning',
        line: 5,
        fix: expect.stringContaining('trustedProxies') as string,
      })
  })
})

describe('secrets in problems', () => {
  it.each([
    ['admin.token', '${CROSSWALK_ADMIN_TOKEN}', 'short-but-secret', /^admin.token is 16 characters long$/],
    ['a password', '${ALICE_PASSWORD}', '[deep-secret]', /^idp.users\[0\].password is not valid/],
  ])('%s is rejected without being shown', (_title, from, to, what) => {
    const { problems } = parseConfiguration(change(example, [from, to]), 'x.yaml', environment)
    expect(problems).toHaveLength(1)
    expect(problems[0]?.what).toMatch(what)
    expect(JSON.stringify(problems)).not.toMatch(/short-but-secret|deep-secret/)
  })
})

describe('several mistakes at once', () => {
  it('are all reported, by line', () => {
    const independent = [...SHAPE.filter(({ at }) => at !== 'baseUrl' && at !== 'listen:'), ...MEANING]
    const chosen = independent.filter(({ title }) =>
      [
        'an unknown key',
        'a list where text is meant',
        'idJagTtlSeconds above 300',
        'an unknown app',
        'a moment without offset',
      ].includes(title),
    )
    const text = chosen.reduce((changed, mistake) => change(changed, mistake.change), example)
    const { problems } = parseConfiguration(text, 'x.yaml', environment)
    expect(problems.map(({ line }) => line)).toEqual(
      chosen.map(({ at }) => lineOf(text, at)).toSorted((a, b) => a - b),
    )
  })

  it('one inside an object hides neither the object nor references to it', () => {
    const text = change(change(example, ['      kind: agent', '      kind: robot']), [
      'app: agent0',
      'app: agent00',
    ])
    const { problems } = parseConfiguration(text, 'x.yaml', environment)
    expect(problems.map(({ what }) => what)).toEqual([
      'idp.apps[0].kind is "robot"',
      'there is no app agent00',
    ])
  })

  it('a missing base URL is not reported as a missing identity provider', () => {
    const text = JSON.stringify({
      admin: { token: '${CROSSWALK_ADMIN_TOKEN}', roles: { owner: { users: ['ada'] } } },
      idp: { users: [{ id: 'ada', username: 'ada', email: 'ada@acme.test', password: 'correct horse' }] },
    })
    const { problems } = parseConfiguration(text, 'x.yaml', environment)
    expect(problems.map(({ what }) => what)).toEqual(['baseUrl is missing'])
  })

  it('in the syntax are reported without guessing at the content', () => {
    const { problems, configuration } = parseConfiguration(
      'baseUrl: x\nidp: [\n  users:\n    - id: a\n',
      'x.yaml',
      {},
    )
    expect(configuration).toBeUndefined()
    expect(problems.map(({ what }) => what)).toEqual([expect.stringMatching(/^not valid YAML/)])
  })

  it.each([
    [
      'a tab',
      'idp:\n  users:\n\t- id: a\n\t  username: a\n',
      3,
      'a tab indents this line',
      'indent with spaces',
    ],
    [
      'a second document',
      'baseUrl: x\n---\na: 1\n',
      2,
      'a second document begins here',
      'remove the line `---`',
    ],
    [
      'a key that is a list',
      'baseUrl: x\n? [a, b]\n: c\n',
      2,
      'a key that is not text',
      'put the key in quotes, or remove it',
    ],
  ])('in the syntax are reported by their cause: %s', (_, text, line, what, fix) => {
    const [problem, ...more] = parseConfiguration(text, 'x.yaml', {}).problems
    expect(problem).toMatchObject({ line, what: `not valid YAML: ${what}`, fix })
    expect(more.filter((other) => other.what !== problem?.what)).toEqual([])
  })

  it('in the syntax include undefined, recursive, and excessive references', () => {
    const said = (text: string) =>
      parseConfiguration(text, 'x.yaml', {}).problems.map(({ line, what, fix }) => ({ line, what, fix }))
    const quotes = 'put it in quotes if text is meant, or write `&nobody` before it'
    expect(said('baseUrl: http://127.0.0.1:4000\nidp: *nobody\n')).toEqual([
      { line: 2, what: '`*nobody` refers to no anchor', fix: quotes },
    ])
    expect(said('baseUrl: http://127.0.0.1:4000\nidp: &idp { users: *idp }\n')).toEqual([
      { line: 2, what: '`*idp` refers to a node that contains it', fix: 'write out what is meant' },
    ])
    const many = (name: string, of: string) => `${name}: &${name} [${Array(9).fill(of).join(', ')}]\n`
    const bomb = `${many('a', 'x')}${many('b', '*a')}${many('c', '*b')}${many('d', '*c')}${many('e', '*d')}`
    expect(said(bomb).map(({ what }) => what)).toEqual(['references (`*name`) expand the file too much'])
    expect(said('baseUrl: &base http://127.0.0.1:4000\nidp: { issuer: *base }\n')).toEqual([])
  })

  it.each([
    ['!!set', '{}'],
    ['!!omap', '[]'],
    ['!!int', 'x'],
    ['!env', 'IDP'],
    ['!env', '{}'],
    ['!!python/object:idp', '{}'],
  ])('a tag outside JSON is reported: %s %s', (tag, value) => {
    const text = `baseUrl: http://127.0.0.1:4000\n\nidp: ${tag} ${value}\n`
    const { problems, configuration } = parseConfiguration(text, 'x.yaml', {})
    expect(configuration).toBeUndefined()
    expect(problems).toContainEqual({
      severity: 'error',
      file: 'x.yaml',
      line: 3,
      what: `\`${tag}\` is not a valid tag here`,
      fix: 'remove the tag; an environment variable is written ${NAME}',
    })
  })

  it.each([
    ['a value', `baseUrl: "a\\u0000"`, true],
    ['a key', `"a\\ud800": x`, true],
    ['a whole pair', `baseUrl: "a\\ud83d\\ude00"`, false],
  ])('text that no database can hold is reported: %s', (_, text, isReported) => {
    const { problems } = parseConfiguration(`idp: {}\n${text}\n`, 'x.yaml', {})
    const what = 'text with U+0000 or half of a surrogate pair'
    expect(problems.some((it) => it.line === 2 && it.what === what)).toBe(isReported)
  })

  it('a key that schemas would drop is reported', () => {
    const text =
      'idp:\n  policies:\n    - id: x\n      when: { __proto__: [x], app.kind: agent }\n      effect: deny\n'
    expect(parseConfiguration(text, 'x.yaml', {}).problems).toContainEqual(
      expect.objectContaining({ line: 4, what: 'the key `__proto__` is reserved', fix: 'remove it' }),
    )
  })

  it.each([
    ['!!map {}', 'http://127.0.0.1:4000'],
    ['{}', '!!str http://127.0.0.1:4000'],
    ['{}', '! http://127.0.0.1:4000'],
    ['{ idTokenTtlSeconds: !!int "600" }', 'http://127.0.0.1:4000'],
  ])('a JSON tag is accepted: %s, %s', (idp, baseUrl) => {
    const { problems, configuration } = parseConfiguration(`baseUrl: ${baseUrl}\nidp: ${idp}\n`, 'x.yaml', {})
    expect(problems).toEqual([])
    expect(configuration).toMatchObject({ baseUrl: 'http://127.0.0.1:4000', idp: { idTokenTtlSeconds: 600 } })
  })

  it('an empty file is reported with what is missing', () => {
    const { problems } = parseConfiguration('', 'x.yaml', {})
    expect(problems).toHaveLength(1)
  })
})

it.each([
  ['', [['warning', 1, expect.stringMatching(/neither `idp` nor `authorizationServers`.* nothing to do$/)]]],
  // Authorization servers can be created in the console.
  ['admin: { token: 0123456789abcdef0123456789abcdef }', []],
  ['authorizationServers: [{ id: todo0, trustedIssuers: [] }]', []],
])('warns about a server that nothing can give a role: %j', (more, expected) => {
  const text = `baseUrl: http://127.0.0.1:4000\ndatabase: 'sqlite::memory:'\n${more}\n`
  const { configuration, problems } = parseConfiguration(text, 'x.yaml', {})
  expect(configuration).toBeDefined()
  const about = problems.filter(({ what }) => what.includes('nothing to do'))
  expect(about.map(({ severity, line, what }) => [severity, line, what])).toEqual(expected)
})
