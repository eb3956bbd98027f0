// The identity provider of acme, in an Express app. It has its own host: every path belongs to the identity provider.
import { createIdp, type IdpDefinition, toMiddleware } from '@crosswalk/idp'
import type { Ports } from '@crosswalk/storage'
import express, { type Express } from 'express'

export async function createCompany(definition: IdpDefinition, ports: Ports): Promise<Express> {
  const app = express()
  app.use(toMiddleware(await createIdp(definition, ports)))
  return app
}
