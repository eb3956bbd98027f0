// Finds the tests of a file that name requirements: in titles of tests and suites, and in the tables they are made from.
// A test that is skipped or only planned shows nothing, so its titles do not count.
import ts from 'typescript'

import { findIds } from './find-ids.ts'

export interface NamingTest {
  readonly file: string
  readonly title: string
  readonly ids: readonly string[]
}

const NEVER_RUNS = /\.(skip|todo)\b/
const SUITES_AND_TESTS = /^(it|test|describe)\b/

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

function neverRuns(call: ts.CallExpression): boolean {
  const callee = call.expression.getText()
  return SUITES_AND_TESTS.test(callee) && NEVER_RUNS.test(callee)
}

/** Comments hold no literals, so an id in a comment is no claim. */
function readText(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text
  if (ts.isTemplateExpression(node)) return node.getText().slice(1, -1)
  return undefined
}

function tidy(title: string): string {
  return title.replace(/\s+/g, ' ').trim()
}
