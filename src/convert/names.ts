import { isName } from "./lua.ts";

const taken =
  "bk json table string math os print pairs ipairs type tostring tonumber error assert require select next pcall load utf8";

/** The names of a script's locals, each given once. */
export class Names {
  readonly #given = new Set(taken.split(" "));

  /** A name like `wish`, in lower case. */
  take(wish: string): string {
    const plain = wish.toLowerCase().replace(/\W/g, "_");
    const base = isName(plain) ? plain : `_${plain}`;
    let name = base;
    for (let count = 2; this.#given.has(name); count++) name = `${base}_${count}`;
    this.#given.add(name);
    return name;
  }
}
