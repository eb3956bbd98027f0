// Authorization servers that run here: the secrets of their clients are stored as hashes, and resource apps refer to them.
import type { InputOf } from '@crosswalk/admin-api'
import { zAuthorizationServer, zResourceClient } from '@crosswalk/protocol'
import { z } from 'zod'

import type { DefinitionOf } from '../records.ts'
import { hashClientSecret, prepareAuth, showAuth, zStoredAuth } from './client-secrets.ts'
import type { ControlledCollection, Preparation, Prepared } from './collection.ts'
import { findReferring } from './references.ts'

type Server = DefinitionOf<'authorization-servers'>

export const authorizationServers: ControlledCollection<'authorization-servers'> = {
  stored: zAuthorizationServer.extend({
    issuer: z.string(),
    clients: z.array(zResourceClient.extend({ auth: zStoredAuth })),
  }),
  event: { kind: 'authorization_server', category: 'lifecycle' },
  prepare: prepareServer,
  fromFile: (server: Server, hasher) => ({
    ...server,
    clients: server.clients.map((client) => hashClientSecret(client, hasher)),
  }),
  show: ({ authorizationCode, ...server }) => ({
    ...server,
    ...(authorizationCode === undefined ? {} : { authorizationCode: hideSecret(authorizationCode) }),
    clients: server.clients.map((client) => ({ ...client, auth: showAuth(client.auth) })),
  }),
  findReferrers(items, id) {
    const issuer = items['authorization-servers'].get(id)?.definition.issuer
    return findReferring(items, 'resource-apps', (resourceApp) => resourceApp.issuer === issuer)
  },
}

/** The secret is in the configuration file and stays there. */
function hideSecret({ signIn, ...code }: NonNullable<Server['authorizationCode']>) {
  if (signIn === undefined) return code
  const { clientSecret: _, ...shown } = signIn
  return { ...code, signIn: shown }
}

function prepareServer(
  input: InputOf<'authorization-servers'>,
  previous: Server | undefined,
  { hasher, baseUrl }: Preparation,
): Prepared<'authorization-servers'> {
  const before = new Map(previous?.clients.map(({ id, auth }) => [id, auth]))
  const clients = input.clients.map((client) => ({
    ...client,
    ...prepareAuth(client.auth, before.get(client.id), hasher),
  }))
  return {
    definition: {
      ...input,
      issuer: input.issuer ?? `${baseUrl}/as/${input.id}`,
      clients: clients.map(({ made: _, changed: __, ...client }) => client),
    },
    made: new Map(clients.flatMap(({ id, made }) => (made === undefined ? [] : [[id, made]]))),
    secretChanged: clients.some(({ changed }) => changed),
  }
}
