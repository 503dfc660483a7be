/** Lets so many works go on at a time; the others wait in the order in which they came. */
export class Gate {
  private readonly places: number;
  private readonly waiting: (() => void)[] = [];
  private inside = 0;

  constructor(places: number) {
    this.places = places;
  }

  async through<T>(work: () => Promise<T>): Promise<T> {
    if (this.inside >= this.places) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.inside++;
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      // The place is handed on.
      if (next === undefined) this.inside--;
      else next();
    }
  }
}
