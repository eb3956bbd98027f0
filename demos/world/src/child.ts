// The wrapper of every process in the world: runs the named program, and stops it when the world has ended.
import { pathToFileURL } from 'node:url'

const [runtime = '', , program = '', ...args] = process.argv
process.argv = [runtime, program, ...args]

process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
// The open channel must not keep a finished program alive.
process.channel?.unref()

await import(pathToFileURL(program).href)
