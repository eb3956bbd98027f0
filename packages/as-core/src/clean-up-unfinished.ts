// Removes unfinished files if a command fails, or a signal ends it: Ctrl-C must not leave, for example, a copy of a
// database.
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * @param clean - called if `work` fails, or if a signal arrives during it, before the process ends as without a handler
 */
export async function cleanUpUnfinished<T>(clean: () => void, work: () => Promise<T>): Promise<T> {
  const end = (signal: NodeJS.Signals) => {
    ignore()
    try {
      clean()
    } finally {
      process.kill(process.pid, signal)
    }
  }
  const ignore = () => SIGNALS.forEach((signal) => process.off(signal, end))
  SIGNALS.forEach((signal) => process.on(signal, end))
  try {
    return await work()
  } catch (error) {
    clean()
    throw error
  } finally {
    ignore()
  }
}
