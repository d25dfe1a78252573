/** A served engine for tests with real clients. */
import { Augur } from '../../src/augur.ts';
import type { EngineOptions } from '../../src/engine/index.ts';

export interface ClientServer {
  readonly augur: Augur;
  readonly port: number;
  /** Connection arguments of psql, without the user's own start-up file, unaligned and quiet. */
  readonly psql: readonly string[];
  close(): Promise<void>;
}

export async function startClientServer(options: EngineOptions = {}): Promise<ClientServer> {
  const augur = await Augur.open({ threads: 2, memoryBytes: 2 ** 30, ...options });
  const { port } = await augur.serve();
  const psql = [
    '-X',
    '-q',
    '-A',
    '-h',
    '127.0.0.1',
    '-p',
    String(port),
    '-U',
    'augur',
    '-d',
    augur.databaseName,
  ];
  return { augur, port, psql, close: () => augur.close({ graceful: false }) };
}

/** A training that goes on until it is cancelled, over a table `point` that createPoints makes. */
export const endlessTraining = `CREATE MODEL endless OPTIONS (MODEL_TYPE='LOGISTIC_REG', INPUT_LABEL_COLS='l', MAX_ITERATIONS=1000000,
  EARLY_STOP=FALSE, LEARN_RATE_STRATEGY='CONSTANT', LEARN_RATE=0.0001) AS SELECT * FROM point`;

export const createPoints = `CREATE TABLE point AS SELECT sin(i) AS a, cos(i * 3) AS b, i % 977 AS d, sin(i) + cos(i * 7) > 0.3 AS l FROM range(50000) r(i)`;
