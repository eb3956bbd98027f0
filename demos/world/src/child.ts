// What every process of the world runs in: the program named first, which also stops when the world is gone.
import { pathToFileURL } from 'node:url'

const [runtime = '', , program = '', ...args] = process.argv
process.argv = [runtime, program, ...args]

process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
// Listening must not keep a program alive that has nothing left to do.
process.channel?.unref()

await import(pathToFileURL(program).href)
