#!/usr/bin/env node
// Entry point of the installed command. Imports nothing before it has checked the version, so that an older Node.js gets a clear error.
const OLDEST = [22, 19] as const

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) {
  await import('./main.ts')
} else {
  process.stderr.write(
    `error: this command needs Node.js ${OLDEST.join('.')} or newer, but this is ${process.versions.node}\n` +
      'fix: install a newer Node.js; to try Crosswalk without upgrading, run `npm install node@26` in this folder\n',
  )
  process.exitCode = 1
}

export {}
