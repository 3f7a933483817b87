import { compileLua } from "../../lua/glue.ts";
import type { EvaluateOptions } from "../../script/evaluate.ts";
import type { Outline } from "../../script/outline.ts";
import type { Command } from "../command.ts";
import { readEvaluateOptions } from "../evaluate-script.ts";
import { settleOperand } from "../operand.ts";
import { parseInput } from "../parse.ts";
import { readScript } from "../read-script.ts";
import type { Terminal } from "../terminal.ts";
import type { Candidate } from "./suggestions.ts";

/** How long a script may take while somebody waits for the tab key. */
const patience = "1s";

/** What completion may ask the script of a command line. Rejects when it cannot be read. */
export interface ScriptFacts {
  targets(): Promise<readonly Candidate[]>;
  outline(): Promise<Outline>;
}

export function scriptFacts(command: Command, complete: readonly string[], terminal: Terminal): ScriptFacts {
  const options = () => evaluateOptions(command, complete, terminal);
  return {
    async targets() {
      const { listTargets } = await import("../../script/list-targets.ts");
      const { targets } = listTargets(await options()).list;
      return targets.flatMap(({ name, description }) =>
        name === undefined ? [] : [{ value: name, doc: description }],
      );
    },
    async outline() {
      const { outlineScript } = await import("../../script/outline.ts");
      return outlineScript(await options()).outline;
    },
  };
}

async function evaluateOptions(
  command: Command,
  complete: readonly string[],
  terminal: Terminal,
): Promise<EvaluateOptions> {
  const lua = compileLua();
  const given = settleOperand(parseInput(command, complete), terminal);
  const [script] = given.positionals;
  if (script === "-" || script?.endsWith(".pb")) throw new Error("what is asked of a script needs one");
  const input = { ...given, flags: new Map([...given.flags, ["timeout", [patience]]]) };
  return readEvaluateOptions(input, { ...terminal, lua }, readScript(script, terminal));
}
