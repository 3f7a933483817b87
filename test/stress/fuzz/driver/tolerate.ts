type ErrorClass = abstract new (...values: never[]) => Error;

/** Does some work that may throw errors of these classes and no other. Says how it ended, in few different words. */
export function tolerate(work: () => unknown, ...classes: readonly ErrorClass[]): string {
  try {
    work();
    return "fine";
  } catch (error) {
    return expected(error, classes);
  }
}

/** The same of work that takes its time. */
export async function tolerateLater(work: () => Promise<unknown>, ...classes: readonly ErrorClass[]): Promise<string> {
  try {
    await work();
    return "fine";
  } catch (error) {
    return expected(error, classes);
  }
}

/** A stack that is full is a RangeError too, and no answer. */
function expected(error: unknown, classes: readonly ErrorClass[]): string {
  const known = classes.some((each) => error instanceof each);
  if (!known || !(error instanceof Error) || error.message.includes("call stack")) throw error;
  return outline(error);
}

/** What an error is, without what differs from input to input. */
export function outline(error: unknown): string {
  if (!(error instanceof Error)) return `not an error: ${typeof error}`;
  const words = error.message.replace(/"[^"]*"|'[^']*'/g, "…").replace(/[^A-Za-z …]+/g, "#");
  return `${error.name}: ${words.slice(0, 60)}`;
}
