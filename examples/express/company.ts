// The identity provider of acme, in an Express app. The host is its own: every path is the identity provider's.
import { createIdp, type IdpDefinition, toMiddleware } from '@crosswalk/idp'
import type { Ports } from '@crosswalk/storage'
import express, { type Express } from 'express'

export async function createCompany(definition: IdpDefinition, ports: Ports): Promise<Express> {
  const app = express()
  app.use(toMiddleware(await createIdp(definition, ports)))
  return app
}
