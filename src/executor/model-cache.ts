/**
 * Models in memory, by version. A version never changes, so nothing here is ever stale; the least recently used ones go
 * when there are too many, except those that are pinned because a view scores with them, or held by a statement.
 */
import type { Catalog, ModelEntry } from '../catalog/index.ts';
import { internalError } from '../core/index.ts';
import type { NumberScoreRequest, ScoreRequest, ScoreResponse } from '../database/index.ts';
import { decodeArtifact, findEstimator, restoreEncoder, type ScoreThreads } from '../ml/index.ts';
import type { LoadedModel } from '../planner/index.ts';
import { scoreNumberRows, scoreRows } from './score-rows.ts';

/** Models kept at most, beside pinned and held ones. */
const MODEL_COUNT_MAX = 64;

export class ModelCache {
  readonly #models = new Map<string, LoadedModel>();
  readonly #pinned = new Set<string>();
  /** How many running statements score with a version. */
  readonly #holds = new Map<string, number>();
  readonly #threads: ScoreThreads | undefined;

  /** `threads` share the scoring of many rows. */
  constructor(threads?: ScoreThreads) {
    this.#threads = threads;
  }

  /** The model of an entry, from memory or restored from its artifact. */
  async load(entry: ModelEntry, catalog: Catalog): Promise<LoadedModel> {
    const known = this.#models.get(entry.versionId);
    if (known !== undefined) {
      this.#models.delete(entry.versionId);
      this.#models.set(entry.versionId, known);
      return { ...known, entry };
    }
    const estimator = findEstimator(entry.modelType);
    if (estimator === undefined)
      throw internalError(`model "${entry.name}" is of the unknown type ${entry.modelType}`);
    const artifact = decodeArtifact(await catalog.loadArtifact(entry));
    const loaded = { entry, model: estimator.restore(artifact), encoder: restoreEncoder(entry.encoder) };
    this.add(loaded);
    return loaded;
  }

  /** Keeps a model that was just trained or loaded. */
  add(loaded: LoadedModel): void {
    this.#models.set(loaded.entry.versionId, loaded);
    const loose = [...this.#models.keys()].filter((id) => !this.#pinned.has(id) && !this.#holds.has(id));
    for (const versionId of loose.slice(0, -MODEL_COUNT_MAX)) this.#models.delete(versionId);
  }

  /** Keeps a version until the function that it gives is called, once. */
  keep(versionId: string): () => void {
    this.#holds.set(versionId, (this.#holds.get(versionId) ?? 0) + 1);
    let isKept = true;
    return () => {
      if (!isKept) return;
      isKept = false;
      const count = this.#holds.get(versionId)! - 1;
      if (count > 0) this.#holds.set(versionId, count);
      else this.#holds.delete(versionId);
    };
  }

  /** Keeps the versions that a statement scores with, however long its rows are read; loads those that have gone. */
  async hold(entries: readonly ModelEntry[], catalog: Catalog): Promise<() => void> {
    const releases = entries.map((entry) => this.keep(entry.versionId));
    const release = (): void => releases.forEach((each) => each());
    try {
      for (const entry of entries) await this.load(entry, catalog);
      return release;
    } catch (thrown) {
      release();
      throw thrown;
    }
  }

  /** Keeps a version for as long as the engine lives: a stored view calls it by name. */
  pin(versionId: string): void {
    this.#pinned.add(versionId);
  }

  /** Answers the scoring function; the planner has loaded every model that a statement names. */
  score(request: ScoreRequest): ScoreResponse {
    return scoreRows(this.#scoring(request.versionId), request, this.#threads);
  }

  /** The same for models that take nothing but numbers. */
  scoreNumbers(request: NumberScoreRequest): ScoreResponse {
    return scoreNumberRows(this.#scoring(request.versionId), request, this.#threads);
  }

  #scoring(versionId: string): LoadedModel {
    const loaded = this.#models.get(versionId);
    if (loaded === undefined) throw internalError(`model version ${versionId} is not in memory`);
    return loaded;
  }
}
