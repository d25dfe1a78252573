/** What a team is asked that grows a tree of records. */
import type { FixedPoint } from '../kernel/fixed-point.ts';
import type { BinColumn } from './bin-mapper.ts';
import type { NewtonPenalty } from './criterion.ts';
import type { GrowthRules } from './growth.ts';
import type { ArenaPlan } from './node-arena.ts';
import type { RecordBoost } from './record-boost-order.ts';
import type { RowDraw } from './record-rows.ts';

/** What is the same for all trees of a fit. Survives JSON. */
export interface RecordTreeSetup {
  readonly columns: readonly Pick<BinColumn, 'binCount' | 'order'>[];
  readonly rules: GrowthRules;
  readonly penalty: NewtonPenalty;
  /** Histograms that are summed at a time, at least. */
  readonly jobs: number;
  readonly arena: ArenaPlan;
}

export interface RecordTreeRequest {
  /** Number of the fit in this process. */
  readonly fit: number;
  /** RecordTreeSetup as UTF-8 JSON, by reference: read once a thread. */
  readonly setup: SharedArrayBuffer;
  /** Of the team (thread-team.ts). */
  readonly team: Int32Array;
  /** What the leader orders (record-orders.ts). */
  readonly orders: Int32Array;
  readonly draw: RowDraw;
  /** Of gradients and hessians. */
  readonly units: FixedPoint;
  /** What is to be done with the tree; undefined if the driver does it. */
  readonly boost: RecordBoost | undefined;
  /** Sums of that, BOOST_SUMS a partition. */
  readonly boostSums: Float64Array;
}
