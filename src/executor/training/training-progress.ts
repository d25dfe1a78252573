/** Tells of a training while it runs: notices to its own client, at most one a second, and a row for everybody else. */
import { PROGRESS_INTERVAL_MS, SqlState } from '../../core/index.ts';
import type { IterationReport } from '../../ml/index.ts';
import type { PhysicalCreateModel } from '../../planner/index.ts';
import type { ExecutorContext } from '../context.ts';

/** Time that one phase took. */
export interface PhaseTime {
  readonly phase: string;
  readonly milliseconds: number;
  readonly rows: number;
  readonly bytes: number;
}

export class TrainingProgress {
  readonly iterations: IterationReport[] = [];
  readonly phases: PhaseTime[] = [];
  readonly #plan: PhysicalCreateModel;
  readonly #context: ExecutorContext;
  readonly #line: ReturnType<ExecutorContext['progress']['open']>;
  readonly #startedAt = Date.now();
  readonly #iterationCount: number;
  #phase = 'reading';
  #phaseStartedAt = performance.now();
  #lastNoticeAt = performance.now();

  constructor(plan: PhysicalCreateModel, context: ExecutorContext, iterationCount: number) {
    this.#plan = plan;
    this.#context = context;
    this.#iterationCount = iterationCount;
    this.#line = context.progress.open();
    this.#publish(undefined, undefined);
  }

  /** Ends a phase, which handled so much, and begins the next. */
  enter(phase: string, rows = 0, bytes = 0): void {
    const now = performance.now();
    this.phases.push({ phase: this.#phase, milliseconds: now - this.#phaseStartedAt, rows, bytes });
    this.#phase = phase;
    this.#phaseStartedAt = now;
    this.#publish(undefined, undefined);
    this.#notify(`${phase}`);
  }

  /** One iteration of the fit. */
  report(iteration: IterationReport): void {
    this.iterations.push(iteration);
    const done = this.iterations.length;
    const elapsed = performance.now() - this.#phaseStartedAt;
    const remaining = (elapsed / done) * Math.max(0, this.#iterationCount - done);
    this.#publish(iteration, remaining);
    const loss = Number.isFinite(iteration.loss) ? iteration.loss.toPrecision(6) : String(iteration.loss);
    const total = Math.max(done, this.#iterationCount);
    this.#notify(
      `training: iteration ${done} of at most ${total}, loss ${loss}, ETA ${Math.ceil(remaining / 1000)} s`,
    );
  }

  close(): void {
    this.#line.close();
  }

  #notify(message: string): void {
    const now = performance.now();
    if (now - this.#lastNoticeAt < PROGRESS_INTERVAL_MS) return;
    this.#lastNoticeAt = now;
    const name = `${this.#plan.schemaName}.${this.#plan.name}`;
    this.#context.notice({
      severity: 'NOTICE',
      state: SqlState.successfulCompletion,
      message: `model ${name}: ${message}`,
    });
  }

  #publish(iteration: IterationReport | undefined, remainingMs: number | undefined): void {
    this.#line.set({
      processId: this.#context.processId,
      model: `${this.#plan.schemaName}.${this.#plan.name}`,
      modelType: this.#plan.estimator.modelType,
      phase: this.#phase,
      iteration: iteration === undefined ? undefined : this.iterations.length,
      iterationCount: this.#iterationCount,
      loss: iteration?.loss,
      startedAt: BigInt(this.#startedAt) * 1000n,
      elapsedMs: Date.now() - this.#startedAt,
      remainingMs: remainingMs === undefined ? undefined : Math.round(remainingMs),
    });
  }
}
