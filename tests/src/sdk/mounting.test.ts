// A server of ours mounted in the wrong place of an Express app. `examples.test.ts` covers the right one.
import { toMiddleware } from '@crosswalk/resource-as'
import express, { type ErrorRequestHandler } from 'express'
import { expect, it, onTestFinished } from 'vitest'

it('reports a body parser mounted before it, instead of reading an empty request', async () => {
  const app = express()
  app.use(express.urlencoded({ extended: false }))
  app.use(toMiddleware({ fetch: async () => new Response('reached') }))
  app.use(((error, _, res, __) => void res.status(500).send(error.message)) as ErrorRequestHandler)
  const listening = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => listening.once('listening', resolve))
  onTestFinished(() => void listening.close())
  const { port } = listening.address() as { readonly port: number }
  const send = (body?: URLSearchParams) =>
    fetch(`http://127.0.0.1:${port}/token`, body === undefined ? {} : { method: 'POST', body })
  expect(await (await send(new URLSearchParams({ a: 'b' }))).text()).toContain('before body parsers')
  expect(await (await send()).text()).toBe('reached')
})
