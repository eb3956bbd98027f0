// Parses the headers in which proxies name the client they forward for: `Forwarded` (RFC 7239) and `X-Forwarded-For`.
// `client-address.ts` decides which hops to trust.
import { parseAddress } from '@crosswalk/policy'

/** The address that one proxy reported, in canonical form; undefined if it is not one: `unknown`, an alias, garbage */
export type Hop = string | undefined

/** @returns the hops of `X-Forwarded-For`, nearest last */
export function readXForwardedFor(value: string): readonly Hop[] {
  return value.split(',').map((part) => readNode(part.trim()))
}

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
const QUOTED = '"(?:[^"\\\\]|\\\\.)*"'
/** One pair and what follows it (RFC 7239 section 4) */
const PAIR = new RegExp(`[ \\t]*(${TOKEN})=(${TOKEN}|${QUOTED})[ \\t]*([;,]|$)`, 'y')

/**
 * Parsed from the left by the strict grammar: an unclosed quote from a client must not swallow what a proxy appended.
 *
 * @returns the hops of `Forwarded`, nearest last; undefined if the grammar does not allow it
 */
export function readForwarded(value: string): readonly Hop[] | undefined {
  const hops: Hop[] = []
  let element = new Map<string, string>()
  PAIR.lastIndex = 0
  for (;;) {
    const [, name = '', text = '', end] = PAIR.exec(value) ?? []
    const key = name.toLowerCase()
    if (end === undefined || element.has(key)) return undefined
    element.set(key, unquote(text))
    if (end === ';') continue
    hops.push(readNode(element.get('for') ?? ''))
    if (end === '') return hops
    element = new Map()
  }
}

function unquote(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replaceAll(/\\(.)/g, '$1') : text
}

const BRACKETED = /^\[([^\]%]+)\](?::\d{1,5})?$/
const WITH_PORT = /^([\d.]+):\d{1,5}$/

/** Some proxies add the port of the client to its address. */
function readNode(text: string): Hop {
  const bare = BRACKETED.exec(text)?.[1] ?? WITH_PORT.exec(text)?.[1] ?? text
  return bare.includes('%') ? undefined : parseAddress(bare)?.toString()
}
