// The parser, the serializer and the few DOM types that reading an assertion needs. Their own types would add the whole
// browser to the scope of every server file, so they are loaded without types. They are loaded with the first
// assertion, because many servers never receive one.
import { createRequire } from 'node:module'

export interface XmlNode {
  readonly nodeType: number
  readonly firstChild: XmlNode | null
  readonly nextSibling: XmlNode | null
  readonly parentNode: XmlNode | null
  readonly textContent: string | null
}

export interface XmlElement extends XmlNode {
  readonly namespaceURI: string | null
  readonly localName: string
  readonly ownerDocument: XmlNode
  readonly attributes: ArrayLike<{ readonly name: string; readonly value: string }>
  hasAttribute(name: string): boolean
  getAttribute(name: string): string | null
  setAttributeNS(namespace: string, name: string, value: string): void
}

interface ErrorHandler {
  warning(message: unknown): void
  error(message: unknown): void
  fatalError(message: unknown): void
}

interface XmlDom {
  readonly DOMParser: new (options: { readonly errorHandler: ErrorHandler }) => {
    parseFromString(
      text: string,
      type: 'text/xml',
    ): XmlNode & { readonly documentElement?: XmlElement | null }
  }
  readonly XMLSerializer: new () => { serializeToString(node: XmlNode): string }
}

const require = createRequire(import.meta.url)

export function loadDom(): XmlDom {
  return require('@xmldom/xmldom') as XmlDom
}

export const ELEMENT_NODE = 1
export const COMMENT_NODE = 8
