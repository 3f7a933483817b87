import { LuakitError } from "../diagnostic/luakit-error.ts";
import { oneOf, optional, refine } from "../lua/compose.ts";
import { boolean, literal, number, text } from "../lua/scalar.ts";
import { list, options } from "../lua/table.ts";
import { parsePlatform } from "../oci/platform.ts";
import { define } from "./define.ts";
import { platformHandle } from "./handles.ts";
import { checkPlatform } from "./kinds/platform.ts";
import { filled } from "./kinds/text.ts";

const value = oneOf(text, number, boolean);

const argumentName = refine(filled, {}, (name) => {
  if (/^[^\s=]+$/.test(name)) return name;
  throw new LuakitError("script.argument", `"${name}" is not the name of a build argument`);
});

const argumentOptions = options(
  {
    default: { kind: value, doc: "The value when none is given." },
    required: { kind: boolean, doc: "Fail when no value is given. Default: false." },
    description: { kind: text, doc: "What it is for, for those who read the script." },
    values: { kind: list(value, { min: 1 }), doc: "The only values that it may have." },
    type: {
      kind: literal("string", "number", "integer", "boolean"),
      doc: "What the text that is given becomes. Default: the type of `default` or `values`, else string.",
    },
  },
  { type: "ArgOptions" },
);

export const bkArg = define({
  name: "bk.arg",
  doc: "The value of a build argument (`--build-arg NAME=value`), or nil when there is neither a value nor a default.",
  params: [
    { name: "name", kind: argumentName, doc: "The argument's name." },
    { name: "opts", kind: optional(oneOf(value, argumentOptions)), doc: "The default, or options." },
  ],
  returns: { type: "any", doc: "text, a number or a boolean." },
  overloads: [
    "fun(name: string): string?",
    "fun(name: string, default: string): string",
    "fun(name: string, default: number): number",
    "fun(name: string, default: boolean): boolean",
  ],
  example:
    'local version = bk.arg("ALPINE", "3.22")\nlocal jobs = bk.arg("JOBS", {type = "integer", default = 4, description = "Parallel jobs"})\nbk.export(bk.image("alpine:" .. version):run("echo " .. jobs))',
  run: (call, name, given = {}) =>
    call.session.argument(name, typeof given === "object" ? given : { default: given }, call.position()),
});

export const bkPlatform = define({
  name: "bk.platform",
  doc: 'A platform: `bk.platform("linux", "arm64")` or `bk.platform("linux/arm64")`.',
  params: [
    { name: "os", kind: filled, doc: "The operating system, or the whole platform." },
    { name: "arch", kind: optional(filled), doc: "The architecture: `amd64`, `arm64`, `arm`." },
    { name: "variant", kind: optional(filled), doc: "The variant of the architecture: `v7`." },
  ],
  returns: { type: "Platform", handle: platformHandle },
  example: 'bk.export(bk.image("alpine", {platform = bk.platform("linux", "arm", "v7")}))',
  run: ({ session }, os, arch, variant) => {
    if (arch === undefined && variant === undefined) return session.platform(parsePlatform(os));
    if (arch === undefined) throw new LuakitError("script.argument", "a variant needs an architecture");
    return session.platform(checkPlatform({ os, architecture: arch, variant }));
  },
});

export const bkTargetPlatform = define({
  name: "bk.target_platform",
  doc: "The platform that the result is for (`--platform`).",
  params: [],
  returns: { type: "Platform", handle: platformHandle },
  example: 'bk.log("building for", bk.target_platform())\nbk.export(bk.scratch())',
  run: ({ session }) => session.platform(session.options.targetPlatform),
});

export const bkBuildPlatform = define({
  name: "bk.build_platform",
  doc: "The platform that the daemon runs on: what cross-compiling steps run for.",
  params: [],
  returns: { type: "Platform", handle: platformHandle },
  example: 'bk.export(bk.image("golang:1.25", {platform = bk.build_platform()}))',
  run: ({ session }) => session.platform(session.options.buildPlatform),
});
