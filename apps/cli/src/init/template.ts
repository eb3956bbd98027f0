// The configuration file that `init` writes: one user, one app, one resource and their connection, with a comment at
// each decision to make. Secrets are variables; their values go into a separate file.

export interface InitAnswers {
  /** Public origin */
  readonly baseUrl: string
  readonly database: string
  readonly userName: string
  readonly userEmail: string
  readonly appName: string
  readonly redirectUri: string
  readonly resource: string
  readonly scopes: readonly string[]
}

/** The variables in the file, all of them secrets. */
export const SECRET_NAMES = [
  'CROSSWALK_ADMIN_TOKEN',
  'FIRST_USER_PASSWORD',
  'APP_SECRET',
  'APP_AT_RESOURCE_SECRET',
  'API_SECRET',
] as const
export type SecretName = (typeof SECRET_NAMES)[number]

/** The proxy that ends TLS may run on another machine. */
const LISTEN_BEHIND_PROXY =
  'listen: { host: 0.0.0.0, port: 4000 } # for the proxy; 127.0.0.1 if it runs on this machine'

export function renderConfiguration(answers: InitAnswers): string {
  const { baseUrl, database, redirectUri, resource, scopes } = answers
  const { hostname, port, protocol } = new URL(baseUrl)
  const listenPort = port === '' ? (protocol === 'https:' ? '443' : '80') : port
  const isLoopback = /^(127\.|localhost$|\[::1\]$)/.test(hostname)
  const databaseAdvice = database.startsWith('sqlite:')
    ? '# Embedded; for several machines: postgres://crosswalk:${DB_PASSWORD}@host:5432/crosswalk\n'
    : ''
  return `# Crosswalk. Check it with \`npx crosswalk config check\`, run it with \`npx crosswalk serve\`.
# Variables come from the environment, and from crosswalk.env in the same folder.

# Public origin, and the prefix of every issuer below. If you change it later, every partner must update it.
baseUrl: ${quote(baseUrl)}
${isLoopback ? `listen: { host: 127.0.0.1, port: ${listenPort} }` : LISTEN_BEHIND_PROXY}
${databaseAdvice}database: ${quote(database)}
admin:
  token: \${CROSSWALK_ADMIN_TOKEN} # for the CLI and the admin API
  roles:
    owner: { users: [usr_1] } # may do everything in the console

# The company's side: who may use which app, and which app may reach which resource for them.
idp:
  users:
    - id: usr_1 # never changes: other servers identify the user by it
      username: ${quote(usernameOf(answers.userEmail))}
      name: ${quote(answers.userName)}
      email: ${quote(answers.userEmail)}
      emailVerified: true # an unverified address is not sent to other servers
      password: \${FIRST_USER_PASSWORD}
      groups: [everyone]

  # Requesting apps: they sign users in here.
  apps:
    - id: app
      name: ${quote(answers.appName)}
      kind: agent # agent, web or service; policies can tell them apart
      redirectUris: [${quote(redirectUri)}]
      auth: { method: client_secret_basic, secret: '\${APP_SECRET}' } # better: private_key_jwt
      owners: [usr_1] # responsible for it
      assignments: { groups: [everyone] }

  # What can be reached.
  resourceApps:
    - id: resource
      name: First resource
      issuer: ${quote(`${baseUrl}/as/resource`)} # of its authorization server, byte for byte
      resources:
        - id: ${quote(resource)}
          scopes: ${list(scopes)}
      assignments: { groups: [everyone] }

  # Default deny: without an active connection there is no grant.
  connections:
    - id: app-resource
      app: app
      resourceApp: resource
      clientId: app-at-resource # the app's client id at the resource, below
      resources: [${quote(resource)}]
      scopes: ${list(scopes)}
      assignments: { groups: [everyone] }
      status: active

# The resource's side. If another company runs it, remove this section and send them your issuer.
authorizationServers:
  - id: resource
    trustedIssuers:
      - issuer: ${quote(baseUrl)}
        subject: [iss_sub]
        provisioning: jit # creates an account at a user's first visit
    clients:
      - id: app-at-resource
        auth: { method: client_secret_basic, secret: '\${APP_AT_RESOURCE_SECRET}' }
      # The API itself: it only introspects tokens.
      - id: api
        auth: { method: client_secret_basic, secret: '\${API_SECRET}' }
        grantTypes: []
        introspects: [${quote(resource)}]
    resources:
      - id: ${quote(resource)}
        scopes: ${list(scopes)}
`
}

/** @returns the user name of the first user: the part of the e-mail address before the `@` */
export function usernameOf(email: string): string {
  return email.split('@')[0] ?? 'admin'
}

export function renderSecrets(secrets: Readonly<Record<SecretName, string>>): string {
  const lines = SECRET_NAMES.map((name) => `${name}=${secrets[name]}`)
  return `# Secrets of crosswalk.yaml. Keep this file private and out of version control.
${lines.join('\n')}
`
}

/** A JSON string is valid YAML; answers with `$`, which would start a variable, were already rejected. */
function quote(text: string): string {
  return JSON.stringify(text)
}

function list(items: readonly string[]): string {
  return `[${items.map(quote).join(', ')}]`
}
