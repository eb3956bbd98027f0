// Finds the tests of a file that name requirements: in titles of tests and suites, and in tables of test cases.
// Skipped or planned tests prove nothing, so their titles do not count.
import ts from 'typescript'

import { findIds } from './find-ids.ts'

export interface NamingTest {
  readonly file: string
  readonly title: string
  readonly ids: readonly string[]
}

const SUITES_AND_TESTS = ['it', 'test', 'describe']
const NEVER_RUN = ['skip', 'todo']

/** @param file - path from the root, with `/` */
export function readTestFile(file: string, source: string, areas: readonly string[]): NamingTest[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true)
  const found: NamingTest[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && neverRuns(node)) return
    const title = readText(node)
    const ids = title === undefined ? [] : findIds(title, areas)
    if (title !== undefined && ids.length > 0) found.push({ file, title: tidy(title), ids })
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return found
}

/** Checks names only: a table of arguments can contain `as.todo.test`. */
function neverRuns(call: ts.CallExpression): boolean {
  const [first = '', ...rest] = namesOf(call.expression)
  return SUITES_AND_TESTS.includes(first) && rest.some((name) => NEVER_RUN.includes(name))
}

/** @returns the names in a callee: `it`, `skip` and `each` in `it.skip.each(…)` */
function namesOf(callee: ts.Expression): string[] {
  if (ts.isCallExpression(callee)) return namesOf(callee.expression)
  if (ts.isPropertyAccessExpression(callee)) return [...namesOf(callee.expression), callee.name.text]
  return ts.isIdentifier(callee) ? [callee.text] : []
}

/** Comments contain no literals, so an id in a comment does not count. */
function readText(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text
  if (ts.isTemplateExpression(node)) return node.getText().slice(1, -1)
  return undefined
}

function tidy(title: string): string {
  return title.replace(/\s+/g, ' ').trim()
}
