// Starts the floor server, the baseline of a comparison.
import { fileURLToPath } from 'node:url'

import { GRANT_TYPE } from '@crosswalk/protocol'

import type { Subject } from '../harness/compare.ts'
import { findFreePort } from '../../../tests/src/support/free-port.ts'
import { startServerProcess } from '../harness/server-process.ts'
import { createIssuer } from '../world/issuer.ts'

const FILE = fileURLToPath(new URL('floor-server.ts', import.meta.url))

/** The baseline: it keeps no state, so it is sent the same assertion every time. */
export async function startFloor(stack: AsyncDisposableStack): Promise<Subject> {
  const issuer = createIssuer('http://127.0.0.1:1')
  const port = await findFreePort()
  const url = `http://127.0.0.1:${port}/token`
  const args = [FILE, `${port}`, JSON.stringify(issuer.publicJwk)]
  const { pid } = stack.use(await startServerProcess({ args, readyUrl: url }))
  const assertion = issuer.sign({
    audience: 'http://127.0.0.1:2/as',
    clientId: 'floor',
    resource: url,
    scope: 'a b',
  })
  const body = new URLSearchParams({ grant_type: GRANT_TYPE.jwtBearer, assertion }).toString()
  const makeBodies = (count: number) => Array<string>(count).fill(body)
  return { pid, endpoint: { url, headers: {} }, makeBodies }
}
