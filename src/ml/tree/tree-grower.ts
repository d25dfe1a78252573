/** Grows several trees level by level (tree-levels.ts) by passes over their rows. */
import type { Aggregator } from '../aggregate.ts';
import { fixedPoint, type FixedPoint } from '../kernel/fixed-point.ts';
import type { BinMapper } from './bin-mapper.ts';
import type { Criterion } from './criterion.ts';
import type { GrowthRules, TreePlan } from './growth.ts';
import { histogramPass } from './histogram-pass.ts';
import type { HistogramPartial, SlotRequest } from './histogram-request.ts';
import type { TreeBuilder } from './tree-builder.ts';
import { TreeLevels } from './tree-levels.ts';

export class TreeGrower {
  readonly #aggregator: Aggregator;
  readonly #mapper: BinMapper;
  readonly #classCount: number;
  readonly #levels: TreeLevels;
  #units: FixedPoint = fixedPoint(1, 1, 1);

  /** `classCount`: classes of class histograms, 0 for gradient histograms. */
  constructor(
    aggregator: Aggregator,
    mapper: BinMapper,
    rules: GrowthRules,
    criterion: Criterion,
    classCount: number,
  ) {
    this.#aggregator = aggregator;
    this.#mapper = mapper;
    this.#classCount = classCount;
    this.#levels = new TreeLevels(mapper, rules, criterion, classCount);
  }

  /** Grows one tree a plan, all at once; a plan's slot is its index. `units`: of the facts it sums. */
  async grow(plans: readonly TreePlan[], units: FixedPoint): Promise<TreeBuilder[]> {
    this.#units = units;
    const growing = this.#levels.grow(plans, units);
    let step = growing.next();
    while (step.done !== true) {
      const slots = step.value;
      if (slots === 'checkpoint') await this.#aggregator.checkpoint();
      step = growing.next(slots === 'checkpoint' ? undefined : await this.#run(slots));
    }
    return step.value;
  }

  #run(slots: readonly SlotRequest[]): Promise<HistogramPartial> {
    return this.#aggregator.run(histogramPass, {
      binStart: this.#mapper.binStart,
      classCount: this.#classCount,
      units: this.#units,
      slots,
    });
  }
}
