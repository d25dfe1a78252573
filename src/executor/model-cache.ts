/**
 * Models in memory, by version. A version never changes, so nothing here is ever stale; the least recently used ones go
 * when there are too many, except those that are pinned because a view scores with them.
 */
import type { Catalog, ModelEntry } from '../catalog/index.ts';
import { internalError } from '../core/index.ts';
import type { ScoreRequest, ScoreResponse } from '../database/index.ts';
import { decodeArtifact, findEstimator, restoreEncoder } from '../ml/index.ts';
import type { LoadedModel } from '../planner/index.ts';
import { scoreRows } from './score-rows.ts';

/** Models kept at most, beside pinned ones. */
const MODEL_COUNT_MAX = 64;

export class ModelCache {
  readonly #models = new Map<string, LoadedModel>();
  readonly #pinned = new Set<string>();

  /** The model of an entry, from memory or restored from its artifact. */
  async load(entry: ModelEntry, catalog: Catalog): Promise<LoadedModel> {
    const known = this.#models.get(entry.versionId);
    if (known !== undefined) {
      this.#models.delete(entry.versionId);
      this.#models.set(entry.versionId, known);
      return { ...known, entry };
    }
    const estimator = findEstimator(entry.modelType);
    if (estimator === undefined) throw internalError(`model "${entry.name}" is of the unknown type ${entry.modelType}`);
    const artifact = decodeArtifact(await catalog.loadArtifact(entry));
    const loaded = { entry, model: estimator.restore(artifact), encoder: restoreEncoder(entry.encoder) };
    this.add(loaded);
    return loaded;
  }

  /** Keeps a model that was just trained or loaded. */
  add(loaded: LoadedModel): void {
    this.#models.set(loaded.entry.versionId, loaded);
    for (const versionId of this.#models.keys()) {
      if (this.#models.size - this.#pinned.size <= MODEL_COUNT_MAX) break;
      if (!this.#pinned.has(versionId)) this.#models.delete(versionId);
    }
  }

  /** Keeps a version for as long as the engine lives: a stored view calls it by name. */
  pin(versionId: string): void {
    this.#pinned.add(versionId);
  }

  /** Answers the scoring function; the planner has loaded every model that a statement names. */
  score(request: ScoreRequest): ScoreResponse {
    const loaded = this.#models.get(request.versionId);
    if (loaded === undefined) throw internalError(`model version ${request.versionId} is not in memory`);
    return scoreRows(loaded, request);
  }
}
