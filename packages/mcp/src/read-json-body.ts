// Reads the JSON body of a request within a limit. The MCP SDK parses media types differently, so anything that is not
// clearly JSON is refused: a request must not be checked by one reading of its body and handled by another.
import { isComplexJson, readAtMost } from '@crosswalk/protocol'

export type JsonBody =
  | { readonly ok: true; readonly value: unknown; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly ok: false; readonly response: Response }

const JSON_RPC_PARSE_ERROR = -32_700
const JSON_RPC_SERVER_ERROR = -32_000

export async function readJsonBody(request: Request, maxBytes: number): Promise<JsonBody> {
  // HTTP allows space and tab around the media type. \s and trim() would also accept a no-break space.
  if (!/^application\/json[ \t]*(;|$)/i.test(request.headers.get('content-type') ?? ''))
    return refuse(415, JSON_RPC_SERVER_ERROR, 'Unsupported Media Type: Content-Type must be application/json')
  const bytes = await readAtMost(request.body, maxBytes)
  if (bytes === undefined) return refuse(413, JSON_RPC_SERVER_ERROR, `Request body exceeds ${maxBytes} bytes`)
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    if (isComplexJson(text))
      return refuse(413, JSON_RPC_SERVER_ERROR, 'Request body has too many values or member names')
    return { ok: true, bytes, value: JSON.parse(text) }
  } catch {
    return refuse(400, JSON_RPC_PARSE_ERROR, 'Parse error: Invalid JSON')
  }
}

function refuse(status: number, code: number, message: string): JsonBody {
  const response = Response.json({ jsonrpc: '2.0', error: { code, message }, id: null }, { status })
  return { ok: false, response }
}
