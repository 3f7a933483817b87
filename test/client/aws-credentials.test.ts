import { expect, test } from "bun:test";
import { addAwsCredentials } from "../../src/client/aws-credentials.ts";
import { inFlagDirectory, plain } from "./flags.ts";

const files = {
  "home/.aws/credentials":
    "[default]\naws_access_key_id = AD\naws_secret_access_key=SD\n\n[ other ]\r\naws_access_key_id=AO\r\naws_secret_access_key = SO \r\naws_session_token=TO\r\n# comment\n[broken]\naws_access_key_id=AB\n",
  "home/.aws/config": "[profile conf]\naws_access_key_id=AC\naws_secret_access_key=SC\n[default]\nregion=eu\n",
  elsewhere: "[default]\naws_access_key_id=AE\naws_secret_access_key=SE\n",
};

function fill(given: Record<string, string>, variables: Record<string, string>) {
  return inFlagDirectory(files, (context) => {
    const attributes = new Map(Object.entries(given));
    const own = Object.entries({ HOME: "home", ...variables }).map(([name, value]) => [
      name,
      value.replace(/^(home|elsewhere)/, `${context.cwd}/$1`),
    ]);
    addAwsCredentials(attributes, { ...context, variables: Object.fromEntries(own) });
    return plain(attributes);
  });
}

const other = { access_key_id: "AO", secret_access_key: "SO", session_token: "TO" };

test.each([
  [{}, { AWS_ACCESS_KEY_ID: "A", AWS_SECRET_ACCESS_KEY: "S" }, { access_key_id: "A", secret_access_key: "S" }],
  [
    {},
    { AWS_ACCESS_KEY: "A", AWS_SECRET_KEY: "S", AWS_SESSION_TOKEN: "T" },
    { access_key_id: "A", secret_access_key: "S", session_token: "T" },
  ],
  [{}, {}, { access_key_id: "AD", secret_access_key: "SD" }],
  [{}, { AWS_ACCESS_KEY_ID: "A" }, { access_key_id: "AD", secret_access_key: "SD" }],
  [{}, { AWS_PROFILE: "other" }, other],
  [{}, { AWS_PROFILE: "conf" }, { access_key_id: "AC", secret_access_key: "SC" }],
  [{}, { AWS_PROFILE: "broken" }, {}],
  [{}, { AWS_PROFILE: "missing" }, {}],
  [{}, { AWS_SHARED_CREDENTIALS_FILE: "elsewhere" }, { access_key_id: "AE", secret_access_key: "SE" }],
  [{}, { HOME: "/none" }, {}],
  [
    { access_key_id: "own", secret_access_key: "own" },
    { AWS_ACCESS_KEY_ID: "A", AWS_SECRET_ACCESS_KEY: "S", AWS_SESSION_TOKEN: "T" },
    { access_key_id: "own", secret_access_key: "own" },
  ],
  [
    { access_key_id: "own" },
    { AWS_PROFILE: "other" },
    { access_key_id: "own", secret_access_key: "SO", session_token: "TO" },
  ],
])("%j with %j", async (given, variables, filled) => {
  expect<unknown>(await fill(given, variables)).toEqual(filled);
});
