// Says why a response with status 200 is no document that clients can read, and what to change.
import type { FetchRefusal } from '@crosswalk/as-core'

import type { Exchange } from '../http/guarded-sender.ts'

const BYTE_ORDER_MARK = '\uFEFF'

const FIXES: Readonly<Record<string, string>> = {
  'byte-order-mark': 'Save it as UTF-8 without a byte order mark (RFC 8259 section 8.1).',
  'not-an-object': 'Serve one JSON object.',
  'not-json': 'Correct the JSON: a validator names the line.',
  'not-utf-8': 'Save it as UTF-8 (RFC 8259 section 8.1).',
  'repeated-member': 'Name each member once: readers do not agree which one counts.',
}

const WORDS: Readonly<Record<string, string>> = {
  'byte-order-mark': 'a byte order mark before the JSON',
  'not-an-object': 'JSON, but no object',
  'not-json': 'no JSON',
  'not-utf-8': 'not UTF-8',
  'repeated-member': 'a member that is named twice',
}

/** @returns undefined for a document that Crosswalk reads, and for a page of HTML, which is no document at all */
export function findDocumentFix(exchange: Exchange): string | undefined {
  const { unusable = [], json } = exchange
  if (json === undefined && unusable.some(isHtml)) return undefined
  // What is wrong in the body comes first: correcting the headers alone would not help.
  const [first] = unusable.toReversed()
  if (first === undefined) return undefined
  const { reason, detail = '' } = first
  if (reason === 'too-large') return 'Publish less: clients read at most 256 KiB.'
  if (reason === 'not-json') return FIXES[nameProblem(exchange, detail)] ?? 'Serve a simpler document.'
  return detail.startsWith('encoded as')
    ? 'Do not compress it for clients that ask for no encoding.'
    : 'Serve it with Content-Type: application/json (RFC 8414 section 3.2, RFC 9728 section 3.2).'
}

export function describeDocument(exchange: Exchange): string {
  return (exchange.unusable ?? []).map((it) => describeRefusal(exchange, it)).join(', ')
}

const isHtml = ({ reason, detail = '' }: FetchRefusal): boolean =>
  reason === 'content-type' && /^(text\/html|application\/xhtml)/i.test(detail)

function describeRefusal(exchange: Exchange, { reason, detail = '' }: FetchRefusal): string {
  if (reason === 'too-large') return 'over 256 KiB'
  if (reason === 'not-json') return WORDS[nameProblem(exchange, detail)] ?? `unusable: ${detail}`
  if (detail === '') return 'no Content-Type'
  return detail.startsWith('encoded as') ? detail : `${detail} instead of application/json`
}

function nameProblem({ text }: Exchange, detail: string): string {
  return detail === 'not-json' && text.startsWith(BYTE_ORDER_MARK) ? 'byte-order-mark' : detail
}
