// Values that are usually available synchronously. An await costs a microtask and several objects, which the hot path
// would otherwise pay a dozen times.

export type MaybePromise<T> = T | Promise<T>

/**
 * @returns `next` applied to the value, synchronously unless it is a promise; a synchronous `next` throws synchronously
 */
export function mapMaybe<T, R>(value: MaybePromise<T>, next: (value: T) => MaybePromise<R>): MaybePromise<R> {
  return value instanceof Promise ? value.then(next) : next(value)
}
