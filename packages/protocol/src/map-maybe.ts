// Values that are at hand most of the time, and have to be waited for at others. Each wait costs a turn and some objects,
// which the hot path would otherwise pay a dozen times for nothing.

export type MaybePromise<T> = T | Promise<T>

/** @returns what `next` makes of the value: at once where that is at hand, so that what it throws is thrown at once */
export function mapMaybe<T, R>(value: MaybePromise<T>, next: (value: T) => MaybePromise<R>): MaybePromise<R> {
  return value instanceof Promise ? value.then(next) : next(value)
}
