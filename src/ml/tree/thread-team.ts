/**
 * Work that threads share out among themselves, in phases, through words of shared memory. The first thread to come leads:
 * it opens a phase of so many jobs, and whoever is there takes one job after the other. Nobody waits for a thread to come,
 * so that a pool with one free thread does as well as one with all of them.
 *
 *   LEADER   0 until somebody leads
 *   OPEN     phase × 2^JOB_BITS + jobs that nobody has taken yet; ENDED at the end
 *   DONE     jobs of the phase that are done
 */

const LEADER = 0;
const OPEN = 1;
const DONE = 2;
const WORD_COUNT = 3;

const JOB_BITS = 12;
/** Jobs of a phase, at most. */
const JOBS_MAX: number = 2 ** JOB_BITS - 1;
const PHASES: number = 2 ** (31 - JOB_BITS);
const ENDED = -1;

/** Looks at a word before a thread goes to sleep: some tens of microseconds, less than to be woken takes. */
const LOOKS = 4_000;
/** Milliseconds after which a sleeping thread looks whether the work was cancelled. */
const SLEEP_MS = 20;

/** Words of a team that has nothing to do yet, seen by all threads. */
export function teamWords(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4 * WORD_COUNT));
}

/** Gets a team ready for its next work, when no thread works for it. */
export function resetTeam(words: Int32Array): void {
  words.fill(0);
}

/** One thread's part in a team. */
export class ThreadTeam {
  readonly #words: Int32Array;
  readonly #checkpoint: () => void;
  #phase = 0;

  /** `checkpoint` throws when the work was cancelled, or another thread of the team failed. */
  constructor(words: Int32Array, checkpoint: () => void) {
    this.#words = words;
    this.#checkpoint = checkpoint;
  }

  /** Whether this thread leads: it came first. It must end the work, whatever happens. */
  join(): boolean {
    return Atomics.compareExchange(this.#words, LEADER, 0, 1) === 0;
  }

  /** Leader: has `count` jobs done, at most JOBS_MAX, by all who are there. What they read must have been written. */
  run(count: number, work: (job: number) => void): void {
    if (count > JOBS_MAX) throw new RangeError(`a phase has at most ${JOBS_MAX} jobs, got ${count}`);
    this.#phase = (this.#phase + 1) % PHASES;
    Atomics.store(this.#words, DONE, 0);
    Atomics.store(this.#words, OPEN, this.#phase * 2 ** JOB_BITS + count);
    Atomics.notify(this.#words, OPEN);
    while (this.#takeJob(Atomics.load(this.#words, OPEN), work));
    for (let done = this.#done(); done < count; done = this.#done()) this.#wait(DONE, done);
  }

  /** Leader: lets the others go. */
  end(): void {
    Atomics.store(this.#words, OPEN, ENDED);
    Atomics.notify(this.#words, OPEN);
  }

  /** Not the leader: takes jobs until the work ends. */
  follow(work: (job: number) => void): void {
    for (;;) {
      const open = Atomics.load(this.#words, OPEN);
      if (open === ENDED) return;
      if (!this.#takeJob(open, work)) this.#wait(OPEN, open);
    }
  }

  /** Takes a job and does it, unless none is open; a job that somebody else took first counts as taken. */
  #takeJob(open: number, work: (job: number) => void): boolean {
    const jobs = open & JOBS_MAX;
    if (jobs === 0) return false;
    if (Atomics.compareExchange(this.#words, OPEN, open, open - 1) !== open) return true;
    this.#checkpoint();
    work(jobs - 1);
    Atomics.add(this.#words, DONE, 1);
    Atomics.notify(this.#words, DONE);
    return true;
  }

  #done(): number {
    return Atomics.load(this.#words, DONE);
  }

  /** Returns when the word is no longer what it was, or after a while. */
  #wait(word: number, value: number): void {
    for (let look = 0; look < LOOKS; look++) if (Atomics.load(this.#words, word) !== value) return;
    this.#checkpoint();
    Atomics.wait(this.#words, word, value, SLEEP_MS);
  }
}
