// How high the rows of a long list are, so that only those in sight need exist. Unknown ones are
// estimated; sums are kept in blocks, so a hundred thousand rows cost a few steps, not as many.

/** Rows of a block when it is made; it is cut in two at twice as many. */
const BLOCK_ROWS = 128;

type Block = { heights: number[]; sum: number };

/** The heights of a list's rows, in px. */
export class Heights {
  #blocks: Block[] = [];
  #rows = 0;
  #total = 0;

  /** How many rows there are. */
  get rows(): number {
    return this.#rows;
  }

  /** How high all are together. */
  get total(): number {
    return this.#total;
  }

  /** Puts rows in front of the row `at` (or behind all). */
  insert(at: number, heights: number[]): void {
    if (heights.length === 0) return;
    const [place, offset] = at >= this.#rows ? [this.#blocks.length, 0] : this.#find(at);
    const before = this.#blocks[place - 1];
    if (offset === 0 && before && before.heights.length + heights.length <= BLOCK_ROWS) {
      this.#blocks[place - 1] = block([...before.heights, ...heights]);
    } else if (offset === 0) {
      this.#blocks.splice(place, 0, ...cut(heights));
    } else {
      const whole = this.#blocks[place]!.heights;
      const all = [...whole.slice(0, offset), ...heights, ...whole.slice(offset)];
      this.#blocks.splice(place, 1, ...cut(all));
    }
    this.#rows += heights.length;
    this.#total += heights.reduce((sum, height) => sum + height, 0);
  }

  /** Takes `count` rows out, from the row `at` on. */
  remove(at: number, count: number): void {
    for (let left = Math.min(count, this.#rows - at); left > 0; ) {
      const [place, offset] = this.#find(at);
      const { heights } = this.#blocks[place]!;
      const gone = heights.splice(offset, Math.min(left, heights.length - offset));
      const sum = gone.reduce((all, height) => all + height, 0);
      if (heights.length === 0) this.#blocks.splice(place, 1);
      else this.#blocks[place]!.sum -= sum;
      this.#rows -= gone.length;
      this.#total -= sum;
      left -= gone.length;
    }
  }

  /** Measures a row; returns by how much it is higher than was thought. */
  set(at: number, height: number): number {
    if (at < 0 || at >= this.#rows) return 0;
    const [place, offset] = this.#find(at);
    const found = this.#blocks[place]!;
    const more = height - found.heights[offset]!;
    found.heights[offset] = height;
    found.sum += more;
    this.#total += more;
    return more;
  }

  /** How high the row is. */
  height(at: number): number {
    if (at < 0 || at >= this.#rows) return 0;
    const [place, offset] = this.#find(at);
    return this.#blocks[place]!.heights[offset]!;
  }

  /** Where the row begins. */
  top(at: number): number {
    let left = Math.min(at, this.#rows);
    let top = 0;
    for (const { heights, sum } of this.#blocks) {
      if (left < heights.length) {
        for (let row = 0; row < left; row += 1) top += heights[row]!;
        return top;
      }
      left -= heights.length;
      top += sum;
    }
    return top;
  }

  /** The row at this height from the top; the first or the last one outside. */
  at(top: number): number {
    let row = 0;
    let left = top;
    for (const { heights, sum } of this.#blocks) {
      if (left < sum) {
        for (const height of heights) {
          if (left < height) return row;
          left -= height;
          row += 1;
        }
        return Math.max(0, row - 1);
      }
      left -= sum;
      row += heights.length;
    }
    return Math.max(0, this.#rows - 1);
  }

  #find(at: number): [number, number] {
    let left = at;
    for (let place = 0; place < this.#blocks.length; place += 1) {
      const { length } = this.#blocks[place]!.heights;
      if (left < length) return [place, left];
      left -= length;
    }
    throw new RangeError(`no row ${at}`);
  }
}

function block(heights: number[]): Block {
  return { heights, sum: heights.reduce((sum, height) => sum + height, 0) };
}

function cut(heights: number[]): Block[] {
  const blocks: Block[] = [];
  const size = heights.length <= 2 * BLOCK_ROWS ? 2 * BLOCK_ROWS : BLOCK_ROWS;
  for (let at = 0; at < heights.length; at += size) blocks.push(block(heights.slice(at, at + size)));
  return blocks;
}
