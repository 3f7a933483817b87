/** What a registry host is given. An identity token is an OAuth refresh token; a registry token is a finished bearer. */
export interface Credentials {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly identityToken?: string | undefined;
  readonly registryToken?: string | undefined;
  /** Where they were found, for errors: a file, a variable or a credential helper. */
  readonly origin?: string | undefined;
}

/** Finds the credentials for a registry host (`docker.io`, also as `registry-1.docker.io`; `localhost:5000`), asked only when the registry wants them. */
export type CredentialSource = (host: string) => Promise<Credentials | undefined>;
