/** ML.TRAINING_INFO as a stored relation. Source: functions reference, 4.1. */
import type { ModelEntry, StoredTable } from '../../catalog/index.ts';
import { listOf, structOf, Types, type Column, type Value } from '../../core/index.ts';
import type { IterationReport, Task } from '../../ml/index.ts';

const clusterInfo: Column = {
  name: 'cluster_info',
  type: listOf(
    structOf(
      { name: 'centroid_id', type: Types.int8 },
      { name: 'cluster_radius', type: Types.float8 },
      { name: 'cluster_size', type: Types.int8 },
    ),
  ),
};

function columnsOf(task: Task): readonly Column[] {
  const isClustering = task === 'clustering';
  return [
    { name: 'training_run', type: Types.int8 },
    { name: 'iteration', type: Types.int8 },
    { name: 'loss', type: Types.float8 },
    ...(isClustering ? [] : [{ name: 'eval_loss', type: Types.float8 }]),
    { name: 'learning_rate', type: Types.float8 },
    { name: 'duration_ms', type: Types.int8 },
    ...(isClustering ? [clusterInfo] : []),
  ];
}

function clusterValue(report: IterationReport): Value {
  return (report.clusters ?? []).map(({ radius, size }, index): Value => [
    BigInt(index + 1),
    radius,
    BigInt(size),
  ]);
}

/** One row an iteration; a warm start keeps the rows of the earlier runs and counts its own run up. */
export function trainingInfoTable(
  task: Task,
  iterations: readonly IterationReport[],
  previous: ModelEntry | undefined,
): StoredTable {
  const earlier = previous?.tables['training_info']?.rows ?? [];
  const run = earlier.reduce((latest, row) => Math.max(latest, Number(row[0]) + 1), 0);
  const rows = iterations.map((report): Value[] => [
    BigInt(run),
    BigInt(report.iteration),
    report.loss,
    ...(task === 'clustering' ? [] : [report.evaluationLoss ?? null]),
    report.learningRate ?? null,
    BigInt(Math.round(report.durationMs)),
    ...(task === 'clustering' ? [clusterValue(report)] : []),
  ]);
  return { schema: columnsOf(task), rows: [...earlier, ...rows] };
}
