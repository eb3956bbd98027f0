// The prose of a file: the paragraphs and headings of Markdown; the texts, test titles and comments of TypeScript.
import { fromMarkdown } from 'mdast-util-from-markdown'
import ts from 'typescript'

type Root = ReturnType<typeof fromMarkdown>
type Nodes = Root | Root['children'][number]

export interface Prose {
  readonly text: string
  /** The first line of the text, from 1 */
  readonly line: number
}

export function proseOf(path: string, source: string): Prose[] {
  return path.endsWith('.md') ? proseOfMarkdown(fromMarkdown(source)) : proseOfTypeScript(path, source)
}

/** Code is not prose, and a block quote repeats a screen text. */
function proseOfMarkdown(node: Nodes): Prose[] {
  if (node.type === 'blockquote') return []
  if (node.type === 'paragraph' || node.type === 'heading')
    return [{ text: textOf(node), line: node.position?.start.line ?? 1 }]
  return 'children' in node ? node.children.flatMap(proseOfMarkdown) : []
}

/** The text of a paragraph with its line breaks, so that phrases are found across emphasis and lines. */
function textOf(node: Nodes): string {
  if (node.type === 'text') return node.value
  if (node.type === 'inlineCode') return node.value.replaceAll(/[^\n]/g, '·')
  return 'children' in node ? node.children.map(textOf).join('') : ''
}

/** Strings that contain a space; others are names. Of tests only the titles: other strings are data. */
function proseOfTypeScript(path: string, source: string): Prose[] {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true)
  const isTest = /^tests\/|\.test\./.test(path)
  const found: Prose[] = []
  const visit = (node: ts.Node): void => {
    if (
      (ts.isStringLiteralLike(node) ||
        ts.isTemplateMiddleOrTemplateTail(node) ||
        ts.isTemplateHead(node) ||
        ts.isJsxText(node)) &&
      node.text.includes(' ') &&
      (!isTest || isTitle(node))
    )
      found.push({
        text: hideNames(node.text),
        line: file.getLineAndCharacterOfPosition(node.getStart()).line + 1,
      })
    ts.forEachChild(node, visit)
  }
  visit(file)
  return [...found, ...commentsOf(file)]
}

/** The first argument of `it`, `test`, `describe` and their variants. */
function isTitle({ parent, pos }: ts.Node): boolean {
  if (!ts.isCallExpression(parent) || parent.arguments[0]?.pos !== pos) return false
  return /^(?:it|test|describe)\b/.test(parent.expression.getText())
}

function commentsOf(file: ts.SourceFile): Prose[] {
  const comments = new Map<number, ts.CommentRange>()
  const visit = (node: ts.Node): void => {
    for (const range of ts.getLeadingCommentRanges(file.text, node.getFullStart()) ?? [])
      comments.set(range.pos, range)
    for (const range of ts.getTrailingCommentRanges(file.text, node.end) ?? []) comments.set(range.pos, range)
    for (const child of node.getChildren(file)) visit(child)
  }
  visit(file)
  return [...comments.values()].map(({ pos, end }) => ({
    text: hideNames(file.text.slice(pos, end)),
    line: file.getLineAndCharacterOfPosition(pos).line + 1,
  }))
}

/** Names in backticks are not prose. */
function hideNames(text: string): string {
  return text.replaceAll(/`[^`\n]*`/g, (name) => '·'.repeat(name.length))
}
