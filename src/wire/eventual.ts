/**
 * Answers that are there at once, or later. Most messages are answered without waiting for anything, and every `await`
 * on the way would cost a turn of the microtask queue.
 */
export type Eventual<T> = T | Promise<T>;

/** Goes on with the value: at once if it is there. What `follow` throws at once is thrown at once. */
export function afterwards<T, Result>(
  value: Eventual<T>,
  follow: (value: T) => Eventual<Result>,
): Eventual<Result> {
  return value instanceof Promise ? value.then(follow) : follow(value);
}
