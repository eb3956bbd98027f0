// The backstage of the demo world: an endpoint on its own loopback port, with a key that only Agent0 has.
import { randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

import { type AdministratorAct, type Administrator, ADMINISTRATOR_ACTS, type Undo } from '@crosswalk/lab'

import type { DecisionReader } from '../decisions.ts'
import { viewAsDeveloper } from './developer-view.ts'

export interface ServedBackstage {
  readonly url: string
  readonly secret: string
  /** Undoes all active actions */
  stop(): Promise<void>
}

export interface BackstageParts {
  readonly administrator: Administrator
  /** Opened on first use: the logs exist only once the servers do */
  readonly decisions: () => Promise<DecisionReader>
}

const MAX_BODY_BYTES = 4096
const USER_ID = /^[\w-]{1,64}$/

export async function serveBackstage(parts: BackstageParts): Promise<ServedBackstage> {
  const secret = randomBytes(32).toString('base64url')
  const undos = new Map<string, Undo>()
  const server = createServer((request, response) => {
    answer(request, { ...parts, undos, secret }).then(
      ([status, body]) => reply(response, status, body),
      (error: unknown) => {
        console.error(`backstage: ${error instanceof Error ? error.message : String(error)}`)
        reply(response, 500, {})
      },
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('backstage has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    secret,
    stop: async () => {
      server.closeAllConnections()
      server.close()
      await Promise.allSettled([...undos.values()].map((undo) => undo()))
    },
  }
}

interface BackstageContext extends BackstageParts {
  readonly undos: Map<string, Undo>
  readonly secret: string
}

async function answer(
  request: IncomingMessage,
  context: BackstageContext,
): Promise<readonly [number, object]> {
  if (!isKey(request.headers.authorization, context.secret)) return [401, {}]
  const [, collection, name = ''] = (request.url ?? '').split('/')
  switch (`${request.method} ${collection}`) {
    case 'GET decisions': {
      const record = await (await context.decisions()).findRecord(decodeURIComponent(name))
      return record === undefined ? [404, {}] : [200, viewAsDeveloper(record)]
    }
    case 'POST acts':
      return await perform(name, await readBody(request), context)
    case 'DELETE acts': {
      const undo = context.undos.get(name)
      context.undos.delete(name)
      await undo?.()
      return undo === undefined ? [404, {}] : [200, {}]
    }
    default:
      return [404, {}]
  }
}

async function perform(
  name: string,
  body: string,
  context: BackstageContext,
): Promise<readonly [number, object]> {
  const act = ADMINISTRATOR_ACTS.find((one): one is AdministratorAct => one === name)
  const { userId } = JSON.parse(body) as { readonly userId?: unknown }
  if (act === undefined || typeof userId !== 'string' || !USER_ID.test(userId)) return [400, {}]
  const undo = await context.administrator.perform(act, userId)
  const id = randomUUID()
  context.undos.set(id, undo)
  return [201, { id }]
}

function isKey(given: string | undefined, secret: string): boolean {
  const [one, other] = [Buffer.from(given ?? ''), Buffer.from(`Bearer ${secret}`)]
  return one.length === other.length && timingSafeEqual(one, other)
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length
    if (bytes > MAX_BODY_BYTES) throw new RangeError('body too long')
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(body))
}
