/**
 * Cholesky factors of a positive semidefinite matrix in packed lower rows (row i begins at i(i+1)/2). A
 * column that depends on earlier ones is left out: its coefficient is 0. So a one-hot design, whose
 * indicators sum to the intercept, is solved as if the last category of each block had been dropped;
 * predictions are those of any other choice.
 */

/**
 * Share of a column's square that must be left after earlier columns explained theirs, for it to count as
 * independent.
 */
const INDEPENDENCE = 1e-10;
/** Columns that are subtracted from side by side. */
const GROUP = 4;
/** Multiplications between two checkpoints. */
const CHECKPOINT_OPERATIONS = 20_000_000;

export class CholeskyFactor {
  readonly size: number;
  /** 1 where the column was left out. */
  readonly isDropped: Uint8Array;
  readonly #matrix: Float64Array;
  readonly #lower: Float64Array;

  private constructor(matrix: Float64Array, size: number, excluded: readonly number[]) {
    this.size = size;
    this.isDropped = new Uint8Array(size);
    for (const column of excluded) this.isDropped[column] = 1;
    this.#matrix = matrix;
    this.#lower = matrix.slice();
  }

  /**
   * Factorises `matrix`, which is kept and not changed; columns of `excluded` are left out from the start. A large one
   * takes minutes: `checkpoint` is awaited every few milliseconds, and may throw.
   */
  static async factorise(
    matrix: Float64Array,
    size: number,
    excluded: readonly number[],
    checkpoint: () => Promise<void>,
  ): Promise<CholeskyFactor> {
    const factor = new CholeskyFactor(matrix, size, excluded);
    let operations = 0;
    for (let row = 0; row < size; row += 2) {
      factor.#factorisePair(row);
      operations += row * row;
      if (operations < CHECKPOINT_OPERATIONS) continue;
      operations = 0;
      await checkpoint();
    }
    return factor;
  }

  /** Number of columns that were kept. */
  get rank(): number {
    return this.size - this.isDropped.reduce((sum, flag) => sum + flag, 0);
  }

  /** Factorises two rows, or the last one alone. */
  #factorisePair(row: number): void {
    const start = (row * (row + 1)) / 2;
    const next = start + row + 1;
    const isPair = row + 1 < this.size;
    let first = 0;
    let squares = 0;
    let nextSquares = 0;
    for (; isPair && first + GROUP <= row; first += GROUP) {
      this.#subtractEarlier(start, next, first);
      squares = this.#finishEntries(start, first, first + GROUP, first, squares);
      nextSquares = this.#finishEntries(next, first, first + GROUP, first, nextSquares);
    }
    this.#finishRow(row, this.#finishEntries(start, first, row, 0, squares));
    if (isPair) this.#finishRow(row + 1, this.#finishEntries(next, first, row + 1, 0, nextSquares));
  }

  /** What is left of the diagonal when the row's entries explained their part. */
  #finishRow(row: number, squares: number): void {
    const lower = this.#lower;
    const start = (row * (row + 1)) / 2;
    const diagonal = lower[start + row]!;
    const rest = diagonal - squares;
    if (this.isDropped[row] === 1 || !(rest > INDEPENDENCE * diagonal)) {
      this.isDropped[row] = 1;
      lower.fill(0, start, start + row + 1);
    } else {
      lower[start + row] = Math.sqrt(rest);
    }
  }

  /**
   * Subtracts what columns before `first` explain from the GROUP entries there of the rows that begin at `start` and
   * `next`. Eight sums go side by side, because each subtraction waits for the one before it, and share what they load.
   */
  #subtractEarlier(start: number, next: number, first: number): void {
    const lower = this.#lower;
    const entries = start + first;
    const others = next + first;
    const a = (first * (first + 1)) / 2;
    const b = a + first + 1;
    const c = b + first + 2;
    const d = c + first + 3;
    let [sumA, sumB] = [lower[entries]!, lower[entries + 1]!];
    let [sumC, sumD] = [lower[entries + 2]!, lower[entries + 3]!];
    let [nextA, nextB] = [lower[others]!, lower[others + 1]!];
    let [nextC, nextD] = [lower[others + 2]!, lower[others + 3]!];
    for (let place = 0; place < first; place++) {
      const value = lower[start + place]!;
      const other = lower[next + place]!;
      const factorA = lower[a + place]!;
      const factorB = lower[b + place]!;
      const factorC = lower[c + place]!;
      const factorD = lower[d + place]!;
      sumA -= value * factorA;
      sumB -= value * factorB;
      sumC -= value * factorC;
      sumD -= value * factorD;
      nextA -= other * factorA;
      nextB -= other * factorB;
      nextC -= other * factorC;
      nextD -= other * factorD;
    }
    lower[entries] = sumA;
    lower[entries + 1] = sumB;
    lower[entries + 2] = sumC;
    lower[entries + 3] = sumD;
    lower[others] = nextA;
    lower[others + 1] = nextB;
    lower[others + 2] = nextC;
    lower[others + 3] = nextD;
  }

  /** Entries of a row from which columns before `from` are subtracted already; gives `squares` plus their squares. */
  #finishEntries(start: number, first: number, end: number, from: number, squares: number): number {
    const lower = this.#lower;
    for (let column = first; column < end; column++) {
      if (this.isDropped[column] === 1) {
        lower[start + column] = 0;
        continue;
      }
      const other = (column * (column + 1)) / 2;
      let sum = lower[start + column]!;
      for (let place = from; place < column; place++) sum -= lower[start + place]! * lower[other + place]!;
      const entry = sum / lower[other + column]!;
      lower[start + column] = entry;
      squares += entry * entry;
    }
    return squares;
  }

  /**
   * x with matrix · x = right in the kept columns and 0 in the others; refined twice against the matrix
   * itself.
   */
  solve(right: Float64Array): Float64Array {
    const solution = this.#substitute(right);
    for (let round = 0; round < 2; round++) {
      const correction = this.#substitute(this.#residual(right, solution));
      for (let place = 0; place < this.size; place++) solution[place]! += correction[place]!;
    }
    return solution;
  }

  /** Diagonal of the inverse over the kept columns; NaN for the others. */
  inverseDiagonal(): Float64Array {
    const diagonal = new Float64Array(this.size).fill(Number.NaN);
    const unit = new Float64Array(this.size);
    for (let column = 0; column < this.size; column++) {
      if (this.isDropped[column] === 1) continue;
      unit.fill(0);
      unit[column] = 1;
      this.#forward(unit, column);
      let sum = 0;
      for (let place = column; place < this.size; place++) sum += unit[place]! * unit[place]!;
      diagonal[column] = sum;
    }
    return diagonal;
  }

  #substitute(right: Float64Array): Float64Array {
    const vector = right.slice();
    this.#forward(vector, 0);
    this.#backward(vector);
    return vector;
  }

  /** Solves lower · y = vector in place; entries before `first` are known to be 0. */
  #forward(vector: Float64Array, first: number): void {
    const lower = this.#lower;
    for (let row = first; row < this.size; row++) {
      if (this.isDropped[row] === 1) {
        vector[row] = 0;
        continue;
      }
      const start = (row * (row + 1)) / 2;
      let sum = vector[row]!;
      for (let column = first; column < row; column++) sum -= lower[start + column]! * vector[column]!;
      vector[row] = sum / lower[start + row]!;
    }
  }

  /** Solves lowerᵀ · x = vector in place. */
  #backward(vector: Float64Array): void {
    const lower = this.#lower;
    for (let row = this.size - 1; row >= 0; row--) {
      if (this.isDropped[row] === 1) continue;
      const start = (row * (row + 1)) / 2;
      const value = vector[row]! / lower[start + row]!;
      vector[row] = value;
      for (let column = 0; column < row; column++) vector[column]! -= lower[start + column]! * value;
    }
  }

  #residual(right: Float64Array, solution: Float64Array): Float64Array {
    const rest = right.slice();
    for (let row = 0; row < this.size; row++) {
      const start = (row * (row + 1)) / 2;
      let sum = 0;
      for (let column = 0; column < row; column++) {
        const entry = this.#matrix[start + column]!;
        sum += entry * solution[column]!;
        rest[column]! -= entry * solution[row]!;
      }
      rest[row]! -= sum + this.#matrix[start + row]! * solution[row]!;
    }
    return rest;
  }
}
