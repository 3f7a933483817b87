declare module "#licenses" {
  /** Where the file is, on disk or within the executable. */
  const path: string;
  export = path;
}
