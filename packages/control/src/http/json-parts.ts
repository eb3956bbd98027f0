// Long JSON responses in parts, rendered while the client reads them: thirty megabytes at once would keep other requests
// waiting.
import { inPortions } from '@crosswalk/as-core'
import { isObject } from '@crosswalk/protocol'

import { toStream } from './stream.ts'

/** @param body - as for `renderParts` */
export function streamJson(body: object): Response {
  return respondJson(toStream(encode(body), () => undefined))
}

/** @param body - JSON text in UTF-8 */
export function respondJson(
  body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>,
  {
    status = 200,
    headers = {},
  }: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } = {},
): Response {
  return new Response(body, {
    status,
    headers: { 'cache-control': 'no-store', 'content-type': 'application/json', ...headers },
  })
}

async function* encode(body: object): AsyncGenerator<Uint8Array> {
  for await (const part of renderParts(body)) yield Buffer.from(part)
}

/**
 * @param value - an async iterable in it yields the portions of a list
 * @returns the text of `JSON.stringify`: objects member by member, and their lists in portions
 */
export async function* renderParts(value: unknown): AsyncGenerator<string> {
  if (Array.isArray(value)) yield* renderList(inPortions(value as readonly unknown[]))
  else if (isObject(value) && Symbol.asyncIterator in value)
    yield* renderList(value as unknown as AsyncIterable<readonly unknown[]>)
  else if (isObject(value)) {
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

async function* renderList(portions: AsyncIterable<readonly unknown[]>): AsyncGenerator<string> {
  let before = '['
  for await (const some of portions) {
    if (some.length === 0) continue
    yield before + JSON.stringify(some).slice(1, -1)
    before = ','
  }
  yield before === '[' ? '[]' : ']'
}
