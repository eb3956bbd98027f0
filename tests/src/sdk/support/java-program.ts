// Compiles and runs the programs of a documentation page, and those of `tests/java`, with the libraries that `tests/java` lists.
import { execFile } from 'node:child_process'
import { cpSync, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { createForeignPrograms, type ForeignPrograms, writePrograms } from './foreign-programs.ts'

const MODULE = fileURLToPath(new URL('../../../java', import.meta.url))
const LIBRARIES = process.env['CROSSWALK_TEST_JAVA']
const JARS = join(LIBRARIES ?? '', '*')

/**
 * Whether `CROSSWALK_TEST_JAVA` is a folder with the libraries, from `mvn dependency:copy-dependencies
 * -DincludeScope=runtime -DoutputDirectory=FOLDER` in `tests/java`. Then a JDK must be on the `PATH`.
 */
export const HAS_JAVA = LIBRARIES !== undefined && existsSync(LIBRARIES)

/** @param page - whose blocks of Java name their files */
export async function buildJavaPrograms(page: URL): Promise<ForeignPrograms> {
  const folder = writePrograms(page, 'java')
  cpSync(MODULE, folder, { recursive: true })
  const sources = readdirSync(folder).filter((name) => name.endsWith('.java'))
  const options = ['-parameters', '-Xlint:all', '-Werror', '-cp', JARS, '-d', 'out']
  await promisify(execFile)('javac', [...options, ...sources], { cwd: folder })
  return createForeignPrograms(folder, (name) => ['java', '-cp', `out:${JARS}`, name])
}
