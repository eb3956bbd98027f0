// Renders all definitions in the format of the configuration file: secrets as variable names, defaults omitted.
import { mapInTurns } from '@crosswalk/as-core'
import { type Collection, COLLECTIONS, type ConfigurationExport } from '@crosswalk/admin-api'
import { omitPrivateJwkMembers } from '@crosswalk/protocol'

import { escapeReferences } from '../config-file/expand.ts'
import { omitDefaults } from '../definitions/defaults.ts'
import type { DefinitionOf, Item, Items } from '../definitions/records.ts'
import { readItems } from '../definitions/users/user-items.ts'
import type { Parts } from '../parts.ts'
import { SECTIONS, showDefinition } from '../definitions/collections/registry.ts'

type Members = Readonly<Record<string, unknown>>

export async function renderDocument(
  { directory, configuration }: Parts<'directory' | 'configuration'>,
  owner: 'file' | 'database' | undefined,
): Promise<ConfigurationExport> {
  const { world, users } = directory.current()
  const { items } = users
  const defined: Items = {
    ...world,
    users: owner === 'file' ? await items.find([...items.ofFile]) : await readItems(items),
  }
  const names = createVariableNames()
  const idp: Record<string, unknown> = {}
  const document: Record<string, unknown> = { baseUrl: configuration.baseUrl }
  if (configuration.idp !== undefined) {
    if (configuration.idp.issuer !== configuration.baseUrl) idp.issuer = configuration.idp.issuer
    document.idp = idp
  }
  const factors = new Set(
    configuration.idp?.users.flatMap((it) => (it.totpSecret === undefined ? [] : it.id)),
  )
  const rendering = { baseUrl: configuration.baseUrl, names, factors, escape: escapeReferences }
  for (const { collection, path } of SECTIONS) {
    const listed = ([...defined[collection].values()] as readonly Item<DefinitionOf<Collection>>[])
      .filter((item) => owner === undefined || item.owner === owner)
      .sort((one, other) => (one.definition.id < other.definition.id ? -1 : 1))
    const objects: readonly Members[] = await mapInTurns(listed, ({ definition }) =>
      renderMember(collection, definition, rendering),
    )
    const [first, second] = path
    if (second === undefined) document[first] = objects
    else if (document.idp !== undefined) idp[second] = objects
  }
  return {
    schema: 'crosswalk.configuration/v1',
    revision: world.revision,
    document,
    variables: [...names.all()],
  }
}

/** @returns one object as a document to plan has it: text as it is, and no secret, so that applying it changes none */
export function renderPlannedObject<C extends Exclude<Collection, 'users'>>(
  { configuration: { baseUrl } }: Parts<'configuration'>,
  collection: C,
  definition: DefinitionOf<C>,
): Members {
  const rendering = { baseUrl, names: { make: () => undefined }, factors: new Set<string>() }
  return renderMember(collection, definition, { ...rendering, escape: (text) => text })
}

interface Rendering {
  readonly baseUrl: string
  readonly names: Pick<VariableNames, 'make'>
  /** Applied before the secrets are inserted, so that no user text becomes a reference to one */
  readonly escape: (shown: unknown) => unknown
  /** Ids of users whose second factor is set in the file */
  readonly factors: ReadonlySet<string>
}

function renderMember(
  collection: Collection,
  definition: DefinitionOf<Collection>,
  { baseUrl, names, factors, escape }: Rendering,
): Members {
  const whole = omitDefaults(COLLECTIONS[collection].input, showDefinition(collection, definition))
  const shown = escape(whole) as Members
  const { id } = definition
  if (collection === 'users') {
    const { hasPassword, ...user } = shown
    return {
      ...user,
      ...(hasPassword === true ? { password: names.make(id, 'PASSWORD') } : {}),
      ...(factors.has(id) ? { totpSecret: names.make(id, 'TOTP_SECRET') } : {}),
    }
  }
  if (collection === 'apps') return renderClient(shown, names.make.bind(undefined, id))
  if (collection !== 'authorization-servers') return shown
  return renderServer(shown, definition as DefinitionOf<'authorization-servers'>, { baseUrl, names })
}

type Server = Members & {
  readonly clients?: readonly Members[]
  readonly authorizationCode?: { readonly signIn?: Members }
}

function renderServer(
  shown: Members,
  { id, authorizationCode: defined }: DefinitionOf<'authorization-servers'>,
  { baseUrl, names }: Pick<Rendering, 'baseUrl' | 'names'>,
): Members {
  const { issuer, clients = [], authorizationCode, ...server } = shown as Server
  const isClient = defined?.signIn?.clientSecret !== undefined
  const clientSecret = isClient ? { clientSecret: names.make(`${id}_SIGN_IN`, 'CLIENT_SECRET') } : {}
  const signIn = authorizationCode?.signIn && { signIn: { ...authorizationCode.signIn, ...clientSecret } }
  return {
    ...server,
    ...(authorizationCode === undefined ? {} : { authorizationCode: { ...authorizationCode, ...signIn } }),
    ...(issuer === `${baseUrl}/as/${id}` ? {} : { issuer }),
    ...(clients.length === 0
      ? {}
      : {
          clients: clients.map((client) =>
            renderClient(client, (what) => names.make(`${id}_${String(client.id)}`, what)),
          ),
        }),
  }
}

function renderClient(client: Members, nameSecret: (what: string) => string | undefined): Members {
  const auth = client.auth as Members
  if (auth.hasSecret !== true) return { ...client, auth: withoutPrivateKeys(auth) }
  const previous = auth.hasPreviousSecret === true ? { previousSecret: nameSecret('PREVIOUS_SECRET') } : {}
  return { ...client, auth: { method: auth.method, secret: nameSecret('SECRET'), ...previous } }
}

export function withoutPrivateKeys(auth: Members): Members {
  const { jwks } = auth as { readonly jwks?: { readonly keys: readonly Members[] } }
  return jwks === undefined ? auth : { ...auth, jwks: { keys: jwks.keys.map(omitPrivateJwkMembers) } }
}

interface VariableNames {
  /** @returns a reference to an unused variable: `${AGENT0_SECRET}` */
  make(id: string, what: string): string | undefined
  all(): ReadonlySet<string>
}

function createVariableNames(): VariableNames {
  const taken = new Set<string>()
  return {
    make(id, what) {
      const plain = `${id}_${what}`.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')
      const base = /^\d/.test(plain) ? `_${plain}` : plain
      let name = base
      for (let count = 2; taken.has(name); count += 1) name = `${base}_${count}`
      taken.add(name)
      return `\${${name}}`
    },
    all: () => taken,
  }
}
