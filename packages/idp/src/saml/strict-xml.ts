// Reads XML the way assertions need it: one root element, no document type, no entities, no processing instructions.
// Nothing is fetched, nothing is repaired; knows nothing of SAML.
import { accept, refuse, type Result } from '@crosswalk/protocol'

import { COMMENT_NODE, loadDom, ELEMENT_NODE, type XmlElement, type XmlNode } from './dom.ts'

/** An assertion with everything in it needs about ten levels. */
const MAX_DEPTH = 50
const DECLARATION = /^\uFEFF?<\?xml\s[^?<>]*\?>/
/** What XML 1.0 section 2.2 admits, surrogates by their pairs. */
const NOT_XML = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/u

/**
 * Parses one XML document.
 *
 * @returns its root element, or what is wrong with the text
 */
export function parseStrictXml(text: string): Result<XmlElement, string> {
  const body = text.replace(DECLARATION, '').trim()
  if (NOT_XML.test(body)) return refuse('characters that XML does not admit')
  // Only comments and CDATA sections may start with `<!`, and neither declares anything.
  if (/<!(?!--|\[CDATA\[)/.test(body)) return refuse('a document type or entity declaration')
  if (body.includes('<?')) return refuse('a processing instruction')
  const root = parse(body)
  if (root === undefined) return refuse('not well-formed XML')
  if (!isOnlyRoot(root)) return refuse('something beside the root element')
  return levelsOf(root).length > MAX_DEPTH ? refuse('elements nested too deep') : accept(root)
}

function parse(text: string): XmlElement | undefined {
  const stop = (message: unknown) => {
    throw new SyntaxError(String(message))
  }
  try {
    const errorHandler = { warning: stop, error: stop, fatalError: stop }
    const document = new (loadDom().DOMParser)({ errorHandler }).parseFromString(text, 'text/xml')
    return document.documentElement ?? undefined
  } catch {
    // The parser throws what the handlers above threw: the text is at fault, whatever the reason.
    return undefined
  }
}

function isOnlyRoot(root: XmlElement): boolean {
  return [...nodesOf(root.ownerDocument)].every((node) => node === root)
}

function* nodesOf(parent: XmlNode): Generator<XmlNode> {
  for (let node = parent.firstChild; node !== null; node = node.nextSibling) yield node
}

/** The child elements, in order. */
export function elementsOf(parent: XmlElement): readonly XmlElement[] {
  return [...nodesOf(parent)].filter((node): node is XmlElement => node.nodeType === ELEMENT_NODE)
}

/** The child elements of one name. */
export function childrenOf(parent: XmlElement, namespace: string, name: string): readonly XmlElement[] {
  return elementsOf(parent).filter((element) => isNamed(element, namespace, name))
}

export function isNamed(element: XmlElement, namespace: string, name: string): boolean {
  return element.namespaceURI === namespace && element.localName === name
}

/** Every element of the tree, the given one first, level by level. */
export function walk(element: XmlElement): readonly XmlElement[] {
  return levelsOf(element).flat()
}

/** By levels and not by recursion, since a hostile document nests as deep as its size allows. */
function levelsOf(root: XmlElement): readonly (readonly XmlElement[])[] {
  const levels: (readonly XmlElement[])[] = []
  for (let level: readonly XmlElement[] = [root]; level.length > 0; level = level.flatMap(elementsOf))
    levels.push(level)
  return levels
}

/** The text of an element that has nothing but text in it; undefined where it has more. */
export function textOf(element: XmlElement): string | undefined {
  return elementsOf(element).length === 0 ? (element.textContent ?? '') : undefined
}

/** An attribute without namespace; undefined where there is none. */
export function attributeOf(element: XmlElement, name: string): string | undefined {
  return element.hasAttribute(name) ? (element.getAttribute(name) ?? undefined) : undefined
}

export function hasComment(element: XmlElement): boolean {
  return [...nodesOf(element)].some(({ nodeType }) => nodeType === COMMENT_NODE)
}
