// Compiles and runs the programs of a documentation page with the libraries of `tests/java`.
import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { createForeignPrograms, type ForeignPrograms, writePrograms } from './foreign-programs.ts'

const LIBRARIES = process.env['CROSSWALK_TEST_JAVA']

/**
 * Whether `CROSSWALK_TEST_JAVA` is a folder with the libraries, from `mvn dependency:copy-dependencies
 * -DincludeScope=runtime -DoutputDirectory=FOLDER` in `tests/java`. Then a JDK must be on the `PATH`.
 */
export const HAS_JAVA = LIBRARIES !== undefined && existsSync(LIBRARIES)

/** @param page - whose blocks of Java name their files */
export async function buildJavaPrograms(page: URL): Promise<ForeignPrograms> {
  const folder = writePrograms(page, 'java')
  const out = join(folder, 'out')
  const libraries = join(LIBRARIES ?? '', '*')
  const sources = readdirSync(folder).map((name) => join(folder, name))
  await promisify(execFile)('javac', [
    '-parameters',
    '-Xlint:all',
    '-Werror',
    '-cp',
    libraries,
    '-d',
    out,
    ...sources,
  ])
  return createForeignPrograms(folder, (name) => ['java', '-cp', [out, libraries].join(':'), name])
}
