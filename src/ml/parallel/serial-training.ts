/** A training on this thread alone, in plain memory. */
import { scalarKernel } from '../kernel/scalar-kernel.ts';
import { SerialAggregator } from './serial-aggregator.ts';
import { TrainingMemory } from './training-memory.ts';
import { datasetOf, memoryShapeOf, type Training, type TrainingRequest } from './training.ts';

/** The serial twin of `WorkerPool.openTraining`; no budget, no threads. */
export function openSerialTraining(request: TrainingRequest): Training {
  const memory = TrainingMemory.create(memoryShapeOf(request, 0), request.workspaceBytes, false);
  return {
    memory,
    dataset: datasetOf(request, memory),
    aggregator: new SerialAggregator(memory, scalarKernel, request.signal),
    dispose: () => undefined,
  };
}
