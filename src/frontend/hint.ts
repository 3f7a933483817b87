/** Flags of luakit that the clients of a daemon have too, by another name or as an option of the frontend. */
const flags: { readonly [name: string]: ((value: string) => Choice) | undefined } = {
  "build-arg": (value) => ({ docker: `--build-arg ${value}`, option: `build-arg:${value}` }),
  platform: (value) => ({ docker: `--platform ${value}`, option: `platform=${value}` }),
  target: (value) => ({ docker: `--target ${value}`, option: `target=${value}` }),
  timeout: (value) => ({ docker: `--build-arg LUAKIT_TIMEOUT=${value}`, option: `build-arg:LUAKIT_TIMEOUT=${value}` }),
};

/** The same for users of Docker and of buildctl. */
interface Choice {
  readonly docker: string;
  readonly option: string;
}

/** A hint for those who do not run luakit but a client of the daemon: `--target a (buildctl: --opt target=a)`. */
export function hintForClients(hint: string): string {
  // "leave --target out" has no value.
  return hint.replace(/(?<!\bleave )--([a-z-]+) ([^\s()]+)/g, (text, name: string, value: string) => {
    const choice = flags[name]?.(value);
    return choice === undefined ? text : `${choice.docker} (buildctl: --opt ${choice.option})`;
  });
}
