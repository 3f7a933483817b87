/** A terminal that is looked at: what stands on it after everything that was written to it. */
export class Screen {
  columns: number;
  rows: number;
  /** Everything from the first line on, what has scrolled away included; a wide character's second cell is empty. */
  #cells: string[][] = [[]];
  /** Place of the cursor; `row` counts from the first line of all. */
  #row = 0;
  #column = 0;
  #isHidden = false;
  /** Bytes and writes so far. */
  written = 0;
  writes = 0;

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
  }

  write(text: string): void {
    this.writes++;
    this.written += text.length;
    const parts = text.matchAll(/([\r\n])|\p{Cc}\[([?]?[0-9;]*)([A-Za-z])|(\P{Cc}+)|(.)/gsu);
    for (const [, move, parameters = "", final, shown, other] of parts) {
      if (move !== undefined) this.#move(move);
      else if (final !== undefined) this.#control(parameters, final);
      else if (shown !== undefined) this.#put(shown);
      else throw new Error(`unknown sequence ${JSON.stringify(other)} in ${JSON.stringify(text)}`);
    }
  }

  /** All lines, scrolled-away ones first, without spaces at their ends and empty lines at the end. */
  text(): string {
    return this.#cells
      .map((cells) => cells.join("").trimEnd())
      .join("\n")
      .trimEnd();
  }

  /** The line and column of the cursor, and whether it can be seen. */
  get cursor(): { row: number; column: number; hidden: boolean } {
    return { row: this.#row, column: this.#column, hidden: this.#isHidden };
  }

  /** The window gets another size; lines that are too long for it are wrapped, as most terminals do. */
  resize(columns: number, rows: number): void {
    const before = this.#cells.slice(0, this.#row);
    this.#cells = this.#cells.flatMap((cells) => wrap(cells, columns));
    this.#row = before.flatMap((cells) => wrap(cells, columns)).length;
    this.columns = columns;
    this.rows = rows;
  }

  #control(parameters: string, final: string): void {
    if (parameters === "?25") this.#isHidden = final === "l";
    else if (final === "A") this.#row = Math.max(this.#top(), this.#row - Number(parameters || 1));
    else if (final === "K" && parameters === "2") this.#cells[this.#row] = [];
    else if (final === "J" && parameters === "") this.#eraseBelow();
    else if (final !== "m") throw new Error(`unknown sequence CSI ${parameters} ${final}`);
  }

  #eraseBelow(): void {
    this.#cells.length = this.#row + 1;
    this.#line().length = Math.min(this.#line().length, this.#column);
  }

  #move(character: string): void {
    if (character === "\r") this.#column = 0;
    else this.#row++;
    this.#line();
  }

  #put(text: string): void {
    for (const { segment } of new Intl.Segmenter().segment(text)) {
      const width = Bun.stringWidth(segment);
      if (this.#column + width > this.columns) {
        this.#row++;
        this.#column = 0;
      }
      const line = this.#line();
      while (line.length < this.#column) line.push(" ");
      line[this.#column] = segment;
      for (let cell = 1; cell < width; cell++) line[this.#column + cell] = "";
      this.#column += width;
    }
  }

  #line(): string[] {
    while (this.#cells.length <= this.#row) this.#cells.push([]);
    return this.#cells[this.#row] ?? [];
  }

  #top(): number {
    return Math.max(0, this.#cells.length - this.rows);
  }
}

function wrap(cells: readonly string[], columns: number): string[][] {
  const lines: string[][] = [];
  for (let start = 0; start === 0 || start < cells.length; start += columns)
    lines.push(cells.slice(start, start + columns));
  return lines;
}
