// The identity provider of acme, in a Fastify app. It has its own host: every path belongs to the identity provider.
import { createIdp, type IdpDefinition, toFastifyHook } from '@crosswalk/idp'
import type { Ports } from '@crosswalk/storage'
import fastify, { type FastifyInstance } from 'fastify'

export async function createCompany(definition: IdpDefinition, ports: Ports): Promise<FastifyInstance> {
  const app = fastify()
  app.addHook('onRequest', toFastifyHook(await createIdp(definition, ports)))
  return app
}
