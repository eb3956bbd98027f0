// Removes unfinished files if a signal ends a command. Otherwise Ctrl-C would leave, for example, a copy of a database.
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** @param clean - called if a signal arrives during `work`, before the process ends as without a handler */
export async function cleanUpOnSignal<T>(clean: () => void, work: () => Promise<T>): Promise<T> {
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
  } finally {
    ignore()
  }
}
