// Runs a file on the tested Node.js, which npm installs as a platform package, independent of the machine's own
// version. Plain JavaScript, because it must start on Node 20. Usage: node tools/runtime.mjs FILE [ARG …]
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** The lowest Node.js that runs TypeScript sources and `node:sqlite` without flags. */
const LOWEST = [22, 18]

/**
 * The flags of every Crosswalk process: workspace packages resolve to their sources, and the young generation has
 * this many mebibytes from the start. With less, objects are promoted too early while definitions are read; with
 * this, an idle server stays below 250 MB.
 */
export const RUNTIME_FLAGS = [
  '--conditions=crosswalk-source',
  '--disable-warning=ExperimentalWarning',
  '--min-semi-space-size=16',
  '--max-semi-space-size=16',
]

/** @returns the path of the Node.js to use, or undefined if neither npm nor the machine has one */
function findRuntime() {
  const platform = process.platform === 'win32' ? 'win' : process.platform
  const { resolve: find } = createRequire(import.meta.url)
  for (const name of [`node-${platform}-${process.arch}`, `node-bin-${platform}-${process.arch}`]) {
    try {
      const pinned = join(
        dirname(find(`${name}/package.json`)),
        'bin',
        platform === 'win' ? 'node.exe' : 'node',
      )
      if (existsSync(pinned)) return pinned
    } catch {
      // The package is for another platform: try the next, then the machine's own Node.js.
    }
  }
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  return major > LOWEST[0] || (major === LOWEST[0] && minor >= LOWEST[1]) ? process.execPath : undefined
}

/**
 * The compile cache, which halves the time of later starts: next to the packages, where only the account that
 * installed them can write. Without write access, nothing is cached.
 */
const COMPILE_CACHE = fileURLToPath(new URL('../node_modules/.cache/crosswalk', import.meta.url))

/** What a program exits with when the system lacks a library that it needs */
const MISSING_LIBRARY = 127

/** How often to look whether npm is still there */
const PARENT_CHECK_MS = 1000

/** Runs `file` on the runtime, forwards signals, and exits with the same status. */
export function runOnRuntime(file, args) {
  const runtime = findRuntime()
  if (runtime === undefined) {
    console.error(
      `error: no Node.js ${LOWEST.join('.')} or newer for ${process.platform}-${process.arch}\n` +
        'fix: run `npm ci` without --omit=optional, or install a newer Node.js',
    )
    process.exit(1)
  }
  const env = { NODE_COMPILE_CACHE: COMPILE_CACHE, ...process.env }
  const child = spawn(runtime, [...RUNTIME_FLAGS, file, ...args], { stdio: 'inherit', env })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  stopWithNpm(child)
  child.on('exit', (code, signal) => {
    if (code === MISSING_LIBRARY)
      console.error(
        'fix: install the library named above; libatomic.so.1 is in libatomic1 (Debian, Ubuntu) and libatomic (Fedora)',
      )
    if (signal === null) process.exit(code ?? 1)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

/** npm runs us through a shell that SIGTERM ends without reaching us: stop once another process has adopted us. */
function stopWithNpm(child) {
  if (process.env.npm_lifecycle_event === undefined) return
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    child.kill('SIGTERM')
  }, PARENT_CHECK_MS)
  timer.unref()
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(resolve(process.argv[1])).href) {
  const [file, ...args] = process.argv.slice(2)
  if (file === undefined) {
    console.error('usage: node tools/runtime.mjs FILE [ARG …]')
    process.exit(2)
  }
  runOnRuntime(resolve(file), args)
}
