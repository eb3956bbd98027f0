// Warns about long files and long functions. Never fails: length only suggests that a file does two things.
import ts from 'typescript'

import type { Finding } from '../finding.ts'
import { SIZES } from '../layers.ts'
import type { SourceFile, Tree } from '../tree.ts'

const WHY = 'code that does not fit on a screen is rarely read completely'

export function checkSizes(tree: Tree): Finding[] {
  return tree.files
    .filter((file) => !SIZES.exempt.test(file.path) && !/\.test\.tsx?$/.test(file.path))
    .flatMap((file) => [...checkFile(file), ...checkFunctions(file)])
}

function checkFile(file: SourceFile): Finding[] {
  const lines = file.text.split('\n').length - (file.text.endsWith('\n') ? 1 : 0)
  if (lines <= SIZES.fileLines) return []
  const message = `${lines} lines, more than ${SIZES.fileLines}`
  const remedy = 'check whether it does two things, and move one to a new file'
  return [{ file: file.path, line: 1, rule: 'long-file', message, why: WHY, remedy }]
}

function checkFunctions(file: SourceFile): Finding[] {
  const source = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, true)
  const findings: Finding[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) findings.push(...checkFunction(file.path, source, node))
    ts.forEachChild(node, visit)
  }
  visit(source)
  return findings
}

function checkFunction(file: string, source: ts.SourceFile, node: ts.SignatureDeclaration): Finding[] {
  const lines = linesBelow(source, node) - linesOfInnerFunctions(source, node) + 1
  if (lines <= SIZES.functionLines) return []
  const name = node.name === undefined ? 'a function' : node.name.getText(source)
  const message = `${name} has ${lines} lines of its own, more than ${SIZES.functionLines}`
  const remedy = 'extract its steps into named functions'
  return [
    {
      file,
      line: lineOf(source, node.getStart(source)) + 1,
      rule: 'long-function',
      message,
      why: WHY,
      remedy,
    },
  ]
}

/** A factory counts only its own lines; the functions that it returns are measured separately. */
function linesOfInnerFunctions(source: ts.SourceFile, node: ts.Node): number {
  let lines = 0
  ts.forEachChild(node, (child) => {
    lines += ts.isFunctionLike(child) ? linesBelow(source, child) : linesOfInnerFunctions(source, child)
  })
  return lines
}

function linesBelow(source: ts.SourceFile, node: ts.Node): number {
  return lineOf(source, node.getEnd()) - lineOf(source, node.getStart(source))
}

function lineOf(source: ts.SourceFile, position: number): number {
  return source.getLineAndCharacterOfPosition(position).line
}
