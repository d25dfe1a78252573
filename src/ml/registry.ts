/**
 * The model types: the one place where a family adds its line. Binder, workers, contract tests and docs read
 * it.
 */
import { internalError } from '../core/index.ts';
import type { AnyPass } from './aggregate.ts';
import type { ModelArtifact } from './artifact.ts';
import { kmeans } from './cluster/kmeans.ts';
import { encodePasses } from './encode/encode-passes.ts';
import type { Estimator, Model } from './estimator.ts';
import { judgePasses } from './judge/judge-passes.ts';
import { linearRegression } from './linear/linear-regression.ts';
import { logisticRegression } from './linear/logistic-regression.ts';
import { boostedTreeClassifier, boostedTreeRegressor } from './tree/boosted-tree.ts';
import { decisionTreeClassifier, decisionTreeRegressor } from './tree/decision-tree.ts';
import { randomForestClassifier, randomForestRegressor } from './tree/random-forest.ts';

/** Every estimator, in the order in which the documentation lists them. */
export const estimators: readonly Estimator[] = [
  linearRegression,
  logisticRegression,
  boostedTreeClassifier,
  boostedTreeRegressor,
  randomForestClassifier,
  randomForestRegressor,
  decisionTreeClassifier,
  decisionTreeRegressor,
  kmeans,
];

const estimatorsByType = new Map(estimators.map((estimator) => [estimator.modelType, estimator]));

const passesByName = new Map<string, AnyPass>(
  [...encodePasses, ...judgePasses, ...estimators.flatMap((estimator) => estimator.passes)].map((pass) => [
    pass.name,
    pass,
  ]),
);

/** The estimator that MODEL_TYPE names, without case. */
export function findEstimator(modelType: string): Estimator | undefined {
  return estimatorsByType.get(modelType.toUpperCase());
}

const restored = new WeakMap<ModelArtifact, Model>();

/**
 * The model that an artifact holds, made once for the same object. Fails with XX000 for a model type that is not
 * registered.
 */
export function restoreModel(artifact: ModelArtifact): Model {
  const known = restored.get(artifact);
  if (known !== undefined) return known;
  const estimator = findEstimator(artifact.modelType);
  if (estimator === undefined) throw internalError(`no model type ${artifact.modelType} is known`);
  const model = estimator.restore(artifact);
  restored.set(artifact, model);
  return model;
}

/** A pass by its engine-wide name: how worker threads find what to run. */
export function findPass(name: string): AnyPass | undefined {
  return passesByName.get(name);
}
