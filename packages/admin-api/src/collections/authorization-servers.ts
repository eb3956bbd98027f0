// Authorization servers that run here, with their clients.
import { zAuthorizationCode, zAuthorizationServer, zCodeSignIn, zResourceClient } from '@crosswalk/protocol'
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { zClientAuthInput, zClientAuthView } from '../schemas/client-auth.ts'
import { metaMembers } from '../schemas/common.ts'
import { type CollectionShape, META, zObjectQuery } from './collection.ts'

/** Secrets that must be readable later are only set in the configuration file, and never shown. */
const zCodeWithoutSecret = zAuthorizationCode
  .extend({ signIn: zCodeSignIn.omit({ clientSecret: true }).optional() })
  .optional()

const zAuthorizationServerInput = zAuthorizationServer
  .extend({
    authorizationCode: zCodeWithoutSecret,
    clients: z.array(zResourceClient.extend({ auth: zClientAuthInput })).default([]),
  })
  .meta({ id: 'AuthorizationServerInput' })
const zAuthorizationServerView = zAuthorizationServer
  .extend({
    issuer: z.string(),
    authorizationCode: zCodeWithoutSecret,
    clients: z.array(zResourceClient.extend({ auth: zClientAuthView })),
    ...metaMembers,
  })
  .meta({ id: 'AuthorizationServer' })

export const authorizationServers = {
  input: zAuthorizationServerInput,
  inDocument: zAuthorizationServerInput.extend({
    authorizationCode: zAuthorizationServer.shape.authorizationCode,
  }),
  view: zAuthorizationServerView,
  one: 'authorization server',
  prefix: 'as',
  path: ['authorizationServers'],
  readOnly: META,
  access: { see: ALLOWED.seeRules, create: ALLOWED.changeRules, change: ALLOWED.changeRules },
  query: zObjectQuery,
} as const satisfies CollectionShape
