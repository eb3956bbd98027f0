// A thread that talks to the device, one job at a time. A broken session is reopened once; if that fails, the server
// is notified.
import { parentPort, workerData } from 'node:worker_threads'

import { messageOf } from '../../message-of.ts'
import { loadLibrary } from './library.ts'
import type { Job, JobValue, Reply, TokenSettings } from './messages.ts'
import { SetupError, Token } from './token.ts'

const port = parentPort
if (port === null) throw new Error('this is started by threads.ts')
const settings = workerData as TokenSettings

const library = await loadLibrary()
library.load(settings.module)
const token = new Token(library, settings)

function run(job: Job): JobValue {
  switch (job.do) {
    case 'create':
      return token.create(job.algorithm, job.label)
    case 'sign':
      return token.sign(job.uri, job.algorithm, job.data)
    case 'discard':
      return void token.discard(job.uri)
    case 'look':
      return void token.look(job.uri)
    case 'restart':
      token.endLibrary()
      return void token.startLibrary()
    case 'end':
      token.closeSession()
      return job.last ? void token.endLibrary() : undefined
  }
}

function runAgainIfBroken(job: Job): JobValue {
  try {
    return run(job)
  } catch (error) {
    if (error instanceof SetupError) throw error
    // Also handles the first job of the process, when the library is not initialized yet.
    token.closeSession()
    token.startLibrary()
    return run(job)
  }
}

function answer(job: Job): Reply {
  try {
    return { ok: true, value: runAgainIfBroken(job) }
  } catch (error) {
    return { ok: false, kind: error instanceof SetupError ? 'setup' : 'device', what: messageOf(error) }
  }
}

port.on('message', (job: Job) => port.postMessage(answer(job)))
