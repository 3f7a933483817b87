/** What the generator needs of a FileDescriptorProto in its JSON form. */
export interface ProtoFile {
  readonly name: string;
  readonly package: string;
  readonly messageType?: readonly ProtoMessage[];
  readonly service?: readonly ProtoService[];
}

interface ProtoMessage {
  readonly name: string;
  readonly field?: readonly ProtoField[];
  readonly nestedType?: readonly ProtoMessage[];
  readonly options?: { readonly mapEntry?: boolean };
}

interface ProtoField {
  readonly name: string;
  readonly number: number;
  readonly label: string;
  readonly type: string;
  readonly typeName?: string;
  readonly oneofIndex?: number;
}

interface ProtoService {
  readonly name: string;
  readonly method?: readonly { readonly name: string; readonly inputType: string; readonly outputType: string }[];
}

// Nanoseconds since 1970 do not fit into a number.
const LONG = new Set([
  "fsutil.types.Stat.modTime",
  "pb.FileActionCopy.timestamp",
  "pb.FileActionMkDir.timestamp",
  "pb.FileActionMkFile.timestamp",
  "pb.FileActionSymlink.timestamp",
]);

const KINDS: Readonly<Record<string, readonly [kind: string, type: string]>> = {
  TYPE_STRING: ["text", "string"],
  TYPE_BYTES: ["bytes", "Uint8Array"],
  TYPE_BOOL: ["flag", "boolean"],
  TYPE_UINT32: ["unsigned", "number"],
  TYPE_UINT64: ["unsigned", "number"],
  TYPE_INT32: ["integer", "number"],
  TYPE_INT64: ["integer", "number"],
  TYPE_ENUM: ["integer", "number"],
};

/** The name of the module in src/gen that a proto file becomes. */
export function moduleName(file: ProtoFile): string {
  if (file.package === "google.rpc") return "rpc-status";
  return (file.name.split("/").at(-1) ?? "").replace(".proto", "").replaceAll("_", "-");
}

/** The text of a proto file's module: an interface and a codec for each message, and the methods of each service. */
export function wireModule(file: ProtoFile, files: readonly ProtoFile[]): string {
  const module = new Module(file, files);
  const messages = (file.messageType ?? []).map((message) => module.message(message));
  const services = (file.service ?? []).map((service) => module.service(service));
  return `// Made from proto/${file.name} by scripts/generate.ts.\n${module.imports()}\n${[...messages, ...services].join("\n")}`;
}

class Module {
  readonly #file: ProtoFile;
  readonly #home = new Map<string, ProtoFile>();
  readonly #imported = new Map<string, Set<string>>();

  constructor(file: ProtoFile, files: readonly ProtoFile[]) {
    this.#file = file;
    for (const each of files) {
      for (const message of each.messageType ?? []) this.#home.set(`.${each.package}.${message.name}`, each);
    }
  }

  imports(): string {
    const wire = `import { ${this.#file.service ? "type Codec, type Method, message" : "type Codec, message"} } from "../wire/codec.ts";`;
    const others = [...this.#imported].map(
      ([from, names]) => `import { ${[...names].sort().join(", ")} } from "./${from}.ts";`,
    );
    return `${[...others.sort(), wire].join("\n")}\n`;
  }

  message(message: ProtoMessage): string {
    const fields = [...(message.field ?? [])]
      .sort((a, b) => a.number - b.number)
      .map((field) => this.#field(message, field));
    const members = fields.map(({ member }) => `  ${member}\n`).join("");
    const entries = fields.map(({ entry }) => `  ${entry},\n`).join("");
    return `export interface ${message.name} {\n${members}}\n\nexport const ${message.name}: Codec<${message.name}> = /* @__PURE__ */ message(() => [\n${entries}]);\n`;
  }

  service(service: ProtoService): string {
    const methods = (service.method ?? []).map(({ name, inputType, outputType }) => {
      const [request, response] = [this.#reference(inputType), this.#reference(outputType)];
      const value = `{ path: "/${this.#file.package}.${service.name}/${name}", request: ${request}, response: ${response} }`;
      return `  ${name}: ${value} satisfies Method<${request}, ${response}>,\n`;
    });
    return `export const ${service.name} = {\n${methods.join("")}} as const;\n`;
  }

  #field(parent: ProtoMessage, field: ProtoField): { member: string; entry: string } {
    const entry = parent.nestedType?.find(
      (nested) => nested.options?.mapEntry && field.typeName?.endsWith(`.${nested.name}`),
    );
    const value = entry?.field?.find(({ number }) => number === 2) ?? field;
    const [kind, type] = this.#kind(`${this.#file.package}.${parent.name}.${field.name}`, value);
    const textKeys = entry?.field?.some(({ number, type }) => number === 1 && type === "TYPE_STRING");
    const shape = entry ? (textKeys ? "map" : "numbered") : shapeOf(field);
    const codec = value.type === "TYPE_MESSAGE" ? `, () => ${type}` : "";
    return {
      member: `readonly ${field.name}${shape === "optional" ? "?" : ""}: ${typeOf(shape, type)};`,
      entry: `[${field.number}, "${field.name}", "${kind}", "${shape}"${codec}]`,
    };
  }

  #kind(path: string, field: ProtoField): readonly [kind: string, type: string] {
    if (field.type === "TYPE_MESSAGE") return ["message", this.#reference(field.typeName ?? "")];
    if (LONG.has(path)) return ["long", "bigint"];
    const kind = KINDS[field.type];
    if (kind === undefined) throw new Error(`${path}: ${field.type} is not supported`);
    return kind;
  }

  // A message of another file is imported under its own name, or with its module's when this file has the same one.
  #reference(typeName: string): string {
    const home = this.#home.get(typeName);
    if (home === undefined) throw new Error(`${typeName} is not known`);
    const name = typeName.split(".").at(-1) ?? "";
    if (home === this.#file) return name;
    const own = this.#file.messageType?.some((message) => message.name === name) ?? false;
    const alias = own ? `${capitalized(moduleName(home))}${name}` : name;
    const names = this.#imported.get(moduleName(home)) ?? new Set();
    this.#imported.set(moduleName(home), names.add(own ? `${name} as ${alias}` : name));
    return alias;
  }
}

function capitalized(name: string): string {
  return name.replace(/(^|-)(.)/g, (_, __, letter: string) => letter.toUpperCase());
}

function shapeOf(field: ProtoField): string {
  if (field.label === "LABEL_REPEATED") return "list";
  return field.type === "TYPE_MESSAGE" || field.oneofIndex !== undefined ? "optional" : "plain";
}

function typeOf(shape: string, type: string): string {
  if (shape === "list") return `readonly ${type}[]`;
  if (shape === "map" || shape === "numbered") return `Readonly<Record<string, ${type}>>`;
  return shape === "optional" ? `${type} | undefined` : type;
}
