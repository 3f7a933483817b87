import { expect } from "bun:test";

/** Compares with a file of this folder; UPDATE_GOLDEN=1 writes it anew. */
export async function expectGolden(name: string, text: string): Promise<void> {
  const file = Bun.file(new URL(name, import.meta.url));
  if (process.env.UPDATE_GOLDEN === "1") await Bun.write(file, text);
  if (!(await file.exists())) throw new Error(`test/golden/${name} is missing: run with UPDATE_GOLDEN=1 and read it`);
  expect(text).toBe(await file.text());
}
