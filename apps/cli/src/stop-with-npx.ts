// npx runs a command in a shell. SIGTERM ends npx and that shell, but reaches nothing that the shell runs: a server would
// stay, and keep its port.

/** How often to look whether the shell is still there */
const LOOK_MS = 500

/** Sends SIGTERM to this process once npx, which started it, has ended. */
export function stopWithNpx(): void {
  if (process.env['npm_lifecycle_event'] !== 'npx') return
  const shell = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === shell) return
    clearInterval(timer)
    process.kill(process.pid, 'SIGTERM')
  }, LOOK_MS)
  timer.unref()
}
