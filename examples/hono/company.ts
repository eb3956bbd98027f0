// The identity provider of acme, in a Hono app. It has its own host: every path belongs to the identity provider.
import { createIdp, type IdpDefinition } from '@crosswalk/idp'
import type { Ports } from '@crosswalk/storage'
import { getConnInfo } from '@hono/node-server/conninfo'
import { Hono } from 'hono'

export async function createCompany(definition: IdpDefinition, ports: Ports): Promise<Hono> {
  const idp = await createIdp(definition, ports)
  const app = new Hono()
  app.all('*', (c) => idp.fetch(c.req.raw, getConnInfo(c).remote.address))
  return app
}
