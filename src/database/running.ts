/**
 * What a connection is doing now, shared by the one who runs it, the one who reads it and the one who cancels
 * it.
 */
export interface Running {
  /** Set by interrupt(): whatever comes back from DuckDB after that is a cancellation. */
  isInterrupted: boolean;
  /** DuckDB is at work: a statement is prepared or executed, or a chunk is fetched. */
  isPending: boolean;
  /** Settles when the current piece of work has. */
  settled: Promise<void>;
}
