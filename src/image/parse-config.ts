import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { ContainerConfig, Healthcheck, HistoryEntry, ImageConfig, NameSet } from "./config.ts";
import { isObject, type JsonObject, parseObject } from "./json.ts";

/**
 * Reads an image config. Unknown members are dropped, null counts as absent; a member of the wrong type throws
 * "image.config" with its name. `subject` is what the errors call the config, such as the image's name.
 */
export function parseImageConfig(json: string | Uint8Array, subject = "the image"): ImageConfig {
  const root = parseObject(json);
  if (root === undefined) throw new LuakitError("image.config", `the config of ${subject} is not a JSON object`);
  const fields = new Fields(root, subject, "");
  const rootfs = fields.object("rootfs");
  return {
    created: fields.text("created"),
    author: fields.text("author"),
    architecture: fields.text("architecture") ?? "",
    os: fields.text("os") ?? "",
    "os.version": fields.text("os.version"),
    "os.features": fields.list("os.features"),
    variant: fields.text("variant"),
    config: containerConfig(fields.object("config")),
    rootfs: { type: "layers", diff_ids: rootfs.list("diff_ids") ?? [] },
    history: fields.objects("history")?.map(historyEntry),
  };
}

function containerConfig(fields: Fields): ContainerConfig {
  return {
    User: fields.text("User"),
    ExposedPorts: fields.names("ExposedPorts"),
    Env: fields.list("Env"),
    Entrypoint: fields.command("Entrypoint"),
    Cmd: fields.command("Cmd"),
    Volumes: fields.names("Volumes"),
    WorkingDir: fields.text("WorkingDir"),
    Labels: fields.texts("Labels"),
    StopSignal: fields.text("StopSignal"),
    ArgsEscaped: fields.flag("ArgsEscaped"),
    Healthcheck: fields.has("Healthcheck") ? healthcheck(fields.object("Healthcheck")) : undefined,
    OnBuild: fields.list("OnBuild"),
    Shell: fields.list("Shell"),
  };
}

function healthcheck(fields: Fields): Healthcheck {
  return {
    Test: fields.list("Test"),
    Interval: fields.integer("Interval"),
    Timeout: fields.integer("Timeout"),
    StartPeriod: fields.integer("StartPeriod"),
    StartInterval: fields.integer("StartInterval"),
    Retries: fields.integer("Retries"),
  };
}

function historyEntry(fields: Fields): HistoryEntry {
  return {
    created: fields.text("created"),
    created_by: fields.text("created_by"),
    author: fields.text("author"),
    comment: fields.text("comment"),
    empty_layer: fields.flag("empty_layer"),
  };
}

/** The members of one JSON object, read with their types checked. */
class Fields {
  readonly #members: JsonObject;
  readonly #subject: string;
  readonly #path: string;

  constructor(members: JsonObject, subject: string, path: string) {
    this.#members = members;
    this.#subject = subject;
    this.#path = path;
  }

  has(key: string): boolean {
    return this.#get(key) !== undefined;
  }

  text(key: string): string | undefined {
    const value = this.#get(key);
    return value === undefined || typeof value === "string" ? value : this.#refuse(key, "a string");
  }

  flag(key: string): boolean | undefined {
    const value = this.#get(key);
    return value === undefined || typeof value === "boolean" ? value : this.#refuse(key, "true or false");
  }

  integer(key: string): number | undefined {
    const value = this.#get(key);
    if (value === undefined || (typeof value === "number" && Number.isInteger(value))) return value;
    return this.#refuse(key, "an integer");
  }

  list(key: string): readonly string[] | undefined {
    const value = this.#get(key);
    if (value === undefined) return undefined;
    return isTextList(value) ? value : this.#refuse(key, "a list of strings");
  }

  /** A list; a single string, as very old images have it, is a list of one. */
  command(key: string): readonly string[] | undefined {
    const value = this.#get(key);
    return typeof value === "string" ? [value] : this.list(key);
  }

  names(key: string): NameSet | undefined {
    const value = this.#get(key);
    if (value === undefined) return undefined;
    if (!isObject(value)) return this.#refuse(key, "an object");
    return Object.fromEntries(Object.keys(value).map((name) => [name, {}]));
  }

  texts(key: string): Readonly<Record<string, string>> | undefined {
    const value = this.#get(key);
    if (value === undefined) return undefined;
    return isTextRecord(value) ? value : this.#refuse(key, "an object of strings");
  }

  /** The object at `key`; an absent one reads as empty. */
  object(key: string): Fields {
    const value = this.#get(key) ?? {};
    return isObject(value) ? new Fields(value, this.#subject, `${this.#path}${key}.`) : this.#refuse(key, "an object");
  }

  objects(key: string): readonly Fields[] | undefined {
    const value = this.#get(key);
    if (value === undefined) return undefined;
    if (!Array.isArray(value) || !value.every(isObject)) return this.#refuse(key, "a list of objects");
    return value.map((entry, index) => new Fields(entry, this.#subject, `${this.#path}${key}[${index}].`));
  }

  #get(key: string): unknown {
    return Object.hasOwn(this.#members, key) ? (this.#members[key] ?? undefined) : undefined;
  }

  #refuse(key: string, expected: string): never {
    const message = `the config of ${this.#subject} is not valid: "${this.#path}${key}" must be ${expected}`;
    throw new LuakitError("image.config", message);
  }
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function isTextRecord(value: unknown): value is Readonly<Record<string, string>> {
  return isObject(value) && Object.values(value).every((item) => typeof item === "string");
}
