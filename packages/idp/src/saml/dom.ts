// As much of the DOM as reading an assertion needs, the parser and the serializer. Their own types would bring the
// whole browser into the scope of every server file, so they are loaded without them; and with the first assertion, since
// many servers never see one.
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
