// Type checks of programs outside the repository's own check, as `tsc` reports them.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const COMPILER = fileURLToPath(new URL('../../../node_modules/typescript-native/bin/tsc', import.meta.url))

const run = promisify(execFile)

/** @returns the compiler's errors for a project (file or folder, relative to `root`), such as `a.ts(1,14): error …` */
export async function checkTypes(root: string, project: string): Promise<readonly string[]> {
  // One checker: beside other tests, several of them only repeat each other's work.
  const args = [COMPILER, '-p', join(root, project), '--noEmit', '--checkers', '1', '--pretty', 'false']
  const { stdout } = await run(process.execPath, args, { cwd: root }).catch(readOutput)
  return stdout.split('\n').filter((line) => /(^|: )error TS\d+: /.test(line))
}

function readOutput(error: unknown): { readonly stdout: string } {
  const { stdout } = error as { readonly stdout?: string }
  if (stdout === undefined || stdout === '') throw error
  return { stdout }
}
