import { parseBoolean } from "./attribute-checks.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Fills in what a `type=gha` cache needs and a runner of GitHub Actions has in its variables, as buildctl and buildx do.
 * Gives what is missing, in words; the cache is of no use then.
 */
export function addGithubVariables(attributes: Map<string, string>, variables: Variables): string | undefined {
  const second = parseBoolean(variables.ACTIONS_CACHE_SERVICE_V2 ?? "") === true;
  const version = attributes.get("version") ?? (second ? "2" : undefined);
  const results = variables.ACTIONS_RESULTS_URL;
  if (version === "2") fill(attributes, "url_v2", results);
  fill(attributes, "url", variables.ACTIONS_CACHE_URL ?? results);
  fill(attributes, "token", variables.ACTIONS_RUNTIME_TOKEN);
  if (!attributes.get("url") && !attributes.get("url_v2")) {
    return "it has no url= and there is no ACTIONS_CACHE_URL or ACTIONS_RESULTS_URL";
  }
  if (!attributes.get("token")) return "it has no token= and there is no ACTIONS_RUNTIME_TOKEN";
  return undefined;
}

function fill(attributes: Map<string, string>, key: string, value: string | undefined): void {
  if (value !== undefined && value !== "" && !attributes.has(key)) attributes.set(key, value);
}
