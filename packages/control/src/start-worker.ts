// Starts worker threads: from sources in a clone, or compiled in an installed package.
import { Worker, type WorkerOptions } from 'node:worker_threads'

/**
 * Starts a thread that does not keep the process alive.
 *
 * @param path - of the file without its extension, from `base`
 * @param base - `import.meta.url` of the caller
 */
export function startWorker(
  path: string,
  base: string,
  options: Pick<WorkerOptions, 'workerData' | 'resourceLimits'>,
): Worker {
  const isSource = base.endsWith('.ts')
  const worker = new Worker(new URL(`${path}.${isSource ? 'ts' : 'js'}`, base), {
    ...options,
    execArgv: [
      '--disable-warning=ExperimentalWarning',
      ...(isSource ? ['--conditions=crosswalk-source'] : []),
    ],
  })
  worker.unref()
  return worker
}
