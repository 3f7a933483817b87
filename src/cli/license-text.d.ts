declare module "#licenses" {
  const text: string;
  export = text;
}
