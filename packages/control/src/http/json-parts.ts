// Long JSON responses in parts, rendered while the client reads them: thirty megabytes at once would keep other requests
// waiting.
import { isObject } from '@crosswalk/protocol'

import { inPortions } from '../definitions/stored-items.ts'
import { toStream } from './stream.ts'

export function streamJson(body: object): Response {
  return new Response(
    toStream(encode(body), () => undefined),
    {
      headers: { 'cache-control': 'no-store', 'content-type': 'application/json' },
    },
  )
}

async function* encode(body: object): AsyncGenerator<Uint8Array> {
  for await (const part of renderParts(body)) yield Buffer.from(part)
}

/** @returns the text of `JSON.stringify`: objects member by member, and their lists in portions */
export async function* renderParts(value: unknown): AsyncGenerator<string> {
  if (Array.isArray(value)) {
    let before = '['
    for await (const some of inPortions(value as readonly unknown[])) {
      yield before + JSON.stringify(some).slice(1, -1)
      before = ','
    }
    yield value.length === 0 ? '[]' : ']'
  } else if (isObject(value)) {
    let before = '{'
    for (const [name, member] of Object.entries(value)) {
      if (member === undefined) continue
      yield `${before}${JSON.stringify(name)}:`
      yield* renderParts(member)
      before = ','
    }
    yield before === '{' ? '{}' : '}'
  } else yield JSON.stringify(value)
}
