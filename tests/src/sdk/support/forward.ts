// What a reverse proxy does that ends TLS: the request goes on to a socket of this machine, addressed as before. By `node:http`,
// since `fetch` does not let anyone say another `Host`.
import { request as send } from 'node:http'

export async function forward(request: Request, origin: string): Promise<Response> {
  const { host, pathname, search } = new URL(request.url)
  const body = Buffer.from(await request.arrayBuffer())
  const headers = { ...Object.fromEntries(request.headers), host, 'content-length': body.length }
  return await new Promise((resolve, reject) => {
    const outgoing = send(`${origin}${pathname}${search}`, { method: request.method, headers }, (answer) => {
      const parts: Buffer[] = []
      answer.on('data', (part: Buffer) => parts.push(part))
      answer.once('end', () => {
        const { statusCode: status = 502, headers: sent } = answer
        const text = Buffer.concat(parts)
        resolve(new Response(text.length === 0 ? null : text, { status, headers: flatten(sent) }))
      })
    })
    outgoing.once('error', reject)
    outgoing.end(body)
  })
}

function flatten(headers: NodeJS.Dict<string | string[]>): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((one): [string, string] => [name, one]),
  )
}
