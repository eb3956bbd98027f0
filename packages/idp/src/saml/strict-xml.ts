// Parses XML as strictly as assertions require: one root element, no document type, entities or processing
// instructions. Fetches and repairs nothing; independent of SAML.
import { accept, refuse, type Result } from '@crosswalk/protocol'

import { COMMENT_NODE, loadDom, ELEMENT_NODE, type XmlElement, type XmlNode } from './dom.ts'

/** A complete assertion needs about ten levels. */
const MAX_DEPTH = 50
/** Elements, attributes, texts and comments; an assertion with a thousand groups has about three thousand. */
const MAX_NODES = 5000
/** Of one element, with its namespaces. Some elements of an assertion have ten; the cost grows with the square. */
const MAX_ATTRIBUTES = 100
const DECLARATION = /^\uFEFF?<\?xml\s[^?<>]*\?>/
/** Characters outside XML 1.0 section 2.2, and unpaired surrogates. */
const NOT_XML = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/u

/**
 * Parses one XML document.
 *
 * @returns its root element, or why the text is refused
 */
export function parseStrictXml(text: string): Result<XmlElement, string> {
  const body = text.replace(DECLARATION, '').trim()
  if (NOT_XML.test(body)) return refuse('characters that XML does not admit')
  // Only comments and CDATA sections may start with `<!`; neither declares anything.
  if (/<!(?!--|\[CDATA\[)/.test(body)) return refuse('a document type or entity declaration')
  if (body.includes('<?')) return refuse('a processing instruction')
  if (isTooDeep(body)) return refuse('elements nested too deep')
  const root = parse(body)
  if (root === undefined) return refuse('not well-formed XML')
  if (!isOnlyRoot(root)) return refuse('content outside the root element')
  const levels = levelsOf(root)
  if (levels.length > MAX_DEPTH) return refuse('elements nested too deep')
  const elements = levels.flat()
  if (elements.some(({ attributes }) => attributes.length > MAX_ATTRIBUTES))
    return refuse('too many attributes on one element')
  return countNodes(elements) > MAX_NODES ? refuse('too many elements and attributes') : accept(root)
}

/** A tag, or text that only looks like one; a value of an attribute may contain `>`. */
const MARKUP = /<!--(?:.*?-->|.*)|<!\[CDATA\[(?:.*?\]\]>|.*)|<(\/?)(?:[^<>"']|"[^"]*"|'[^']*')*?(\/?)>/gs

/** Checked before parsing, whose cost grows with depth times namespaces. */
function isTooDeep(text: string): boolean {
  let depth = 0
  for (const [markup, closing, empty] of text.matchAll(MARKUP)) {
    if (markup.startsWith('<!')) continue
    if (closing === '/') depth = Math.max(0, depth - 1)
    else if (empty !== '/') depth += 1
    if (depth > MAX_DEPTH) return true
  }
  return false
}

function countNodes(elements: readonly XmlElement[]): number {
  return elements.reduce(
    (count, element) => count + element.attributes.length + [...nodesOf(element)].length,
    1,
  )
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
    // The parser rethrows errors of the handlers above; in any case the text is invalid.
    return undefined
  }
}

function isOnlyRoot(root: XmlElement): boolean {
  return [...nodesOf(root.ownerDocument)].every((node) => node === root)
}

function* nodesOf(parent: XmlNode): Generator<XmlNode> {
  for (let node = parent.firstChild; node !== null; node = node.nextSibling) yield node
}

/** The child elements, in document order. */
export function elementsOf(parent: XmlElement): readonly XmlElement[] {
  return [...nodesOf(parent)].filter((node): node is XmlElement => node.nodeType === ELEMENT_NODE)
}

export function childrenOf(parent: XmlElement, namespace: string, name: string): readonly XmlElement[] {
  return elementsOf(parent).filter((element) => isNamed(element, namespace, name))
}

export function isNamed(element: XmlElement, namespace: string, name: string): boolean {
  return element.namespaceURI === namespace && element.localName === name
}

/** All elements of the tree, the given one first, level by level. */
export function walk(element: XmlElement): readonly XmlElement[] {
  return levelsOf(element).flat()
}

/** Iterates by level instead of recursion, because a hostile document nests as deep as its size allows. */
function levelsOf(root: XmlElement): readonly (readonly XmlElement[])[] {
  const levels: (readonly XmlElement[])[] = []
  for (let level: readonly XmlElement[] = [root]; level.length > 0; level = level.flatMap(elementsOf))
    levels.push(level)
  return levels
}

/** The text of an element; undefined if it has child elements. */
export function textOf(element: XmlElement): string | undefined {
  return elementsOf(element).length === 0 ? (element.textContent ?? '') : undefined
}

/** An attribute without namespace; undefined if absent. */
export function attributeOf(element: XmlElement, name: string): string | undefined {
  return element.hasAttribute(name) ? (element.getAttribute(name) ?? undefined) : undefined
}

export function hasComment(element: XmlElement): boolean {
  return [...nodesOf(element)].some(({ nodeType }) => nodeType === COMMENT_NODE)
}
