// One POST to a model server, whose response is read as it arrives: as events (`text/event-stream`), NDJSON, or one
// document. Limited in time and size; error messages never repeat what was sent.
import { parseJson } from '@crosswalk/protocol'
import { EventSourceParserStream } from 'eventsource-parser/stream'

import { scrubText } from '../scrub.ts'
import { ModelFailed } from './model.ts'
import { readObject, readText } from './read.ts'

export interface StreamRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
  readonly timeoutMs: number
}

const MAX_ANSWER_BYTES = 4 * 1024 * 1024
const MAX_REASON_LENGTH = 200

/** Yields the parsed JSON of each event or line; @throws ModelFailed */
export async function* streamJson(request: StreamRequest): AsyncGenerator<unknown, void, void> {
  const { host } = new URL(request.url)
  try {
    const response = await fetch(request.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...request.headers },
      body: JSON.stringify(request.body),
      // A redirect would send the key to another server.
      redirect: 'error',
      signal: AbortSignal.timeout(request.timeoutMs),
    })
    if (!response.ok) throw new ModelFailed(await describeRefusal(response, host))
    yield* readParts(response)
  } catch (error) {
    if (error instanceof ModelFailed) throw error
    throw new ModelFailed(describeFault(error, host, request.timeoutMs), { cause: error })
  }
}

async function* readParts(response: Response): AsyncGenerator<unknown, void, void> {
  if (response.body === null) return
  const text = response.body.pipeThrough(limitBytes()).pipeThrough(new TextDecoderStream())
  const type = response.headers.get('content-type') ?? ''
  if (type.includes('text/event-stream')) {
    for await (const { data } of text.pipeThrough(new EventSourceParserStream())) {
      const value = parseJson(data)
      if (value !== undefined) yield value
    }
    return
  }
  yield* readLines(text)
}

/** A JSON document may be one line, or several lines that are only valid together. */
async function* readLines(text: ReadableStream<string>): AsyncGenerator<unknown, void, void> {
  let rest = ''
  for await (const piece of text) {
    const lines = `${rest}${piece}`.split('\n')
    rest = lines.pop() ?? ''
    for (const [at, line] of lines.entries()) {
      const value = line.trim() === '' ? undefined : parseJson(line)
      if (value !== undefined) yield value
      else if (line.trim() !== '') {
        rest = [...lines.slice(at), rest].join('\n')
        break
      }
    }
  }
  const value = parseJson(rest)
  if (value !== undefined) yield value
}

function limitBytes(): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  let bytes = 0
  return new TransformStream({
    transform: (chunk, controller) => {
      bytes += chunk.byteLength
      if (bytes > MAX_ANSWER_BYTES) controller.error(new ModelFailed('The reply of the model is too long.'))
      else controller.enqueue(chunk)
    },
  })
}

async function describeRefusal(response: Response, host: string): Promise<string> {
  const text = (await response.text().catch(() => '')).slice(0, MAX_ANSWER_BYTES)
  const { error } = readObject(parseJson(text))
  return describeError(error, `The model server ${host} responded with ${response.status}`)
}

/** @param error - in the format of a server: an object with a message, or a text */
export function describeError(error: unknown, what: string): string {
  const reason = readText(readObject(error)['message']) || readText(error)
  // Some servers repeat the key that they rejected.
  return reason === '' ? `${what}.` : `${what}: ${scrubText(reason).slice(0, MAX_REASON_LENGTH)}`
}

function describeFault(error: unknown, host: string, timeoutMs: number): string {
  const timedOut = error instanceof Error && error.name === 'TimeoutError'
  return timedOut
    ? `The model server ${host} took longer than ${timeoutMs / 1000} seconds.`
    : `The model server ${host} cannot be reached, or closed the connection early.`
}
