/** From raw columns to a fitted model, as the executor does it, with the aggregator of one's choice. */
import {
  checkOptions,
  draftEncoder,
  finishEncoder,
  judge,
  type CheckedOptions,
  type Estimator,
  type FeatureEncoder,
  type FeatureInput,
  type FeatureStatistics,
  type IterationReport,
  type Judgement,
  type Model,
  type OptionLiteral,
  type RawColumn,
  type RawRows,
} from '../../src/ml/index.ts';
import { openSerialTraining } from '../../src/ml/parallel/serial-training.ts';
import type { Training, TrainingRequest } from '../../src/ml/parallel/training.ts';

/** Raw training rows: one column a feature, and what goes beside them. */
export interface RawTable {
  readonly inputs: readonly FeatureInput[];
  readonly rows: RawRows;
  /** Class index or value; undefined without labels. */
  readonly labels: Float64Array | undefined;
  /** 0 unless the labels are classes. */
  readonly classCount: number;
}

export interface FitSettings {
  readonly options?: Readonly<Record<string, OptionLiteral>>;
  readonly open?: (request: TrainingRequest) => Training;
  readonly signal?: AbortSignal;
  readonly seed?: number;
  readonly previous?: Model;
  readonly onReport?: (report: IterationReport) => void;
}

export interface Fitted {
  readonly model: Model;
  readonly encoder: FeatureEncoder;
  readonly reports: readonly IterationReport[];
  readonly warnings: readonly string[];
  readonly judgement: Judgement | undefined;
}

/** Statistics of a raw column, as SQL would find them. */
function statisticsOf(column: RawColumn): FeatureStatistics {
  switch (column.kind) {
    case 'number':
      return { kind: 'number' };
    case 'text': {
      const counts = new Map<string, number>();
      for (const value of column.values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
      const categories = [...counts].map(([value, count]) => ({ value, count }));
      return { kind: 'text', categories, nullCount: column.values.filter((value) => value === null).length };
    }
    default:
      throw new TypeError(`no statistics for columns of kind ${column.kind} here`);
  }
}

/** Encodes, fits and disposes of the training; whatever fails is thrown. */
export async function fitModel(
  estimator: Estimator,
  table: RawTable,
  settings: FitSettings = {},
): Promise<Fitted> {
  const options = optionsOf(estimator, settings);
  const request = estimator.encoding(options);
  const draft = draftEncoder(table.inputs, table.rows.columns.map(statisticsOf), request, table.classCount);
  const training = (settings.open ?? openSerialTraining)(
    trainingRequest(estimator, options, table, settings, draft),
  );
  try {
    const { memory, dataset, aggregator } = training;
    memory.stage('training', 0, draft.stage(table.rows), table.labels, undefined);
    const { encoder } = await finishEncoder(draft, request, aggregator, dataset);
    const reports: IterationReport[] = [];
    const warnings: string[] = [];
    const model = await estimator.fit({
      dataset,
      options,
      aggregator,
      encoder,
      seed: settings.seed ?? 42,
      previous: settings.previous,
      report: (report) => {
        reports.push(report);
        settings.onReport?.(report);
      },
      warn: (message) => warnings.push(message),
    });
    const artifact = model.toArtifact();
    const judgement = await judge({ model, artifact, encoder, dataset, aggregator });
    return { model, encoder, reports, warnings, judgement };
  } finally {
    training.dispose();
  }
}

function optionsOf(estimator: Estimator, settings: FitSettings): CheckedOptions {
  const written = Object.entries(settings.options ?? {}).map(([name, value]) => ({
    name,
    value,
    position: 0,
    valuePosition: 0,
  }));
  const { options } = checkOptions(written, estimator.options, estimator.modelType);
  estimator.checkInteractions(options, written);
  return options;
}

function trainingRequest(
  estimator: Estimator,
  options: CheckedOptions,
  table: RawTable,
  settings: FitSettings,
  { layout }: FeatureEncoder,
): TrainingRequest {
  const shape = {
    rowCount: table.rows.rowCount,
    numericWidth: layout.numericWidth,
    categoryCount: layout.categories.length,
    width: layout.width,
    classCount: table.classCount,
  };
  const classRowCounts = new Array<number>(table.classCount).fill(0);
  if (table.classCount > 0) for (const label of table.labels ?? []) classRowCounts[label]! += 1;
  return {
    layout,
    trainingRowCount: table.rows.rowCount,
    evaluationRowCount: 0,
    hasLabel: table.labels !== undefined,
    classCount: table.classCount,
    classRowCounts,
    signal: settings.signal ?? new AbortController().signal,
    workspaceBytes: estimator.estimate(shape, options).workspaceBytes,
  };
}

/** Scores raw rows: rowCount × scoreWidth numbers. */
export function scoreRows(fitted: Pick<Fitted, 'model' | 'encoder'>, rows: RawRows): Float64Array {
  const output = new Float64Array(rows.rowCount * fitted.model.scoreWidth);
  fitted.model.score(fitted.encoder.encode(rows), output);
  return output;
}
